"""How often who may do what: every limit on one page, and the one way to take from it.

What many may share (a block of addresses, for behind one there may be a whole office) gets more
than what is one person's. Monitoring tools are not limited here: an alert that is refused is lost.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from chalicelib.config import config
from chalicelib.domain.errors import TooMany
from chalicelib.domain.rates import Rate, Standing
from chalicelib.models.quota import Bucket
from chalicelib.services.signing import derived

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FORM_PLAIN = Rate("form-plain", 30, HOUR)  # of an address block, without a proof of work
FORM_PROVEN = Rate("form", 300, HOUR)  # of an address block, with one
FORM_PERSON = Rate("form-person", 100, HOUR)  # of who is signed in
FORM_MAIL = Rate("form-mail", 10, HOUR)  # of the address that is to be written to
OWN_REQUEST = Rate("own-request", 30, HOUR)  # of a requester, on one of their requests
LINK_BLOCK = Rate("link", 30, HOUR)
LINK_MAIL = Rate("link-mail", 3, HOUR)
LINK_PASSES = Rate("link-passes", 30, HOUR)  # of one mailed link
UPLOAD_BLOCK = Rate("upload", 100, HOUR)
UPLOAD_PERSON = Rate("upload-person", 200, HOUR)
ACKNOWLEDGEMENTS = Rate("acknowledgements", 1000, HOUR)  # to addresses that nobody has proven

WORDS = "That was too often. Please wait {wait}, then send it again; what you typed is kept."
FREE_CALLS = 120  # of a token in a process, in a minute, before the store is asked
LEASED_CALLS = 60  # so many at once are taken from the store after that
MOST_CALLERS = 5000


def take(rate: Rate, subject: str, now: datetime, tokens: int = 1) -> Standing:
    """Take from the subject's bucket, and answer where it stands. Raises TooMany."""
    now_ms = int(now.timestamp() * 1000)
    name = f"{rate.name}#{derived('limit', rate.name, subject)}"
    full_at = Bucket.take(name, rate.every_ms * tokens, rate.fills_in_ms, now_ms)
    if full_at is None:
        raise refusal(rate, tokens)
    return rate.standing(full_at, now_ms)


def refusal(rate: Rate, tokens: int = 1) -> TooMany:
    standing = rate.emptied(tokens)
    return TooMany(WORDS.format(wait=_in_words(standing.wait)), standing.wait, standing)


def block_of(address: str | None) -> str:
    """Whom an address is counted with: its /24, or its /56, which is what one household gets."""
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        mapped = found.ipv4_mapped
        return str(ip_network(f"{mapped}/24" if mapped else f"{found}/56", strict=False))
    return str(ip_network(f"{found}/24", strict=False))


@dataclass
class _Caller:
    """What a process has granted to one token in a minute."""

    minute: int
    granted: int
    used: int = 0


_callers: dict[str, _Caller] = {}


def count_call(token_hash: str, now: datetime) -> None:
    """One more call by an API token. Raises TooMany.

    A few in a minute are free in each process, so that usual clients cost no call to the store.
    Who goes on leases calls from the bucket that all processes share, many at a time.
    """
    minute = int(now.timestamp()) // 60
    caller = _callers.get(token_hash)
    if caller is None or caller.minute != minute:
        if len(_callers) >= MOST_CALLERS:
            _callers.clear()
        caller = _callers[token_hash] = _Caller(minute, FREE_CALLS)
    if caller.used >= caller.granted:
        rate = Rate("api", config.api_calls_per_minute, MINUTE)
        take(rate, token_hash, now, LEASED_CALLS)
        caller.granted += LEASED_CALLS
    caller.used += 1


def forget() -> None:
    """Of tests: as a process that has just begun."""
    _callers.clear()


def _in_words(seconds: int) -> str:
    if seconds < 100:
        return f"{seconds} seconds" if seconds > 1 else "a second"
    return f"{-(-seconds // 60)} minutes"
