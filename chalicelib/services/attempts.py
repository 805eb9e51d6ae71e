"""Failed sign-ins: each makes the next one wait, the same for addresses known and unknown."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain import lockout
from chalicelib.domain.errors import DeskError, TooMany
from chalicelib.models.attempt import Attempt
from chalicelib.observability import count
from chalicelib.services.faults import is_passing
from chalicelib.services.limits import block_of
from chalicelib.services.signing import short_digest


@dataclass(frozen=True)
class Try:
    """A try under way: it counts as failed until it is said to have succeeded."""

    pair: Attempt
    mail: Attempt
    block: Attempt
    now: datetime
    failed_before: int

    def failed(self) -> None:
        """For the whole of the mail address and of the block; the two together are counted."""
        count("SignInFailed")
        self.mail.add_one(self.now, lockout.FORGOTTEN_AFTER)
        failures = self.block.add_one(self.now, lockout.FORGOTTEN_AFTER)
        self.block.hold(self.now, lockout.wait_of_block(failures))

    def succeeded(self) -> None:
        self.pair.delete()
        if self.mail.failed:
            self.mail.delete()

    def take_back(self) -> None:
        """As if it had not been made: nothing was wrong so far, and what was wrong before stays."""
        self.pair.count_again(self.failed_before, self.now)


def begin(email: str, address: str | None, now: datetime) -> Try:
    """Before a password or a code is looked at. Raises TooMany: then it is not, even if right."""
    block, mail = block_of(address), short_digest(email)
    pair = Attempt.of(f"{mail}#{block}", now)
    failed_before = int(pair.failed)
    one = Try(pair, Attempt.of(mail, now), Attempt.of(block, now), now, failed_before)
    _check(max(one.pair.waits(now), one.block.waits(now)))
    wait = lockout.wait_after(failed_before + 1, int(one.mail.failed) + 1)
    if not one.pair.claim(now, wait, lockout.FORGOTTEN_AFTER):
        _check(timedelta(seconds=1))  # somebody else tries the same at this moment
    return one


@contextmanager
def trying(email: str, address: str | None, now: datetime) -> Iterator[Try]:
    """A try that is nobody's failure where the user pool cannot be reached. Raises TooMany."""
    one = begin(email, address, now)
    try:
        yield one
    except DeskError:
        raise  # we have decided, whatever it was that told us
    except Exception as error:
        if is_passing(error):
            one.take_back()
        raise


def _check(wait: timedelta) -> None:
    if wait > timedelta(0):
        seconds = -(-wait // timedelta(seconds=1))
        raise TooMany(f"Too many failed sign-ins. Please wait {_words(seconds)}.", seconds)


def _words(seconds: int) -> str:
    if seconds <= 90:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    return f"{-(-seconds // 60)} minutes"
