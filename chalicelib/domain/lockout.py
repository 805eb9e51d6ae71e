"""How long somebody waits after signing in wrongly: longer each time, but never for ever.

Counted by mail address and address block together, so that nobody is locked out by what others
do elsewhere; an address that is guessed at from everywhere only leaves each block fewer tries.
A block that fails for many addresses waits as well, whomever it asks for.
"""

from datetime import timedelta

FREE_TRIES = 5
FREE_UNDER_ATTACK = 1
ATTACKED_FROM = 25  # failures of one mail address, from wherever
FREE_OF_A_BLOCK = 50
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)


def wait_after(failures: int, failures_of_mail: int) -> timedelta:
    """Before the next try of a mail address by the same block."""
    is_attacked = failures_of_mail >= ATTACKED_FROM
    return _doubled(failures - (FREE_UNDER_ATTACK if is_attacked else FREE_TRIES))


def wait_of_block(failures: int) -> timedelta:
    """Before the next try of any mail address by a block that failed so often."""
    return _doubled(failures - FREE_OF_A_BLOCK)


def _doubled(too_many: int) -> timedelta:
    if too_many < 0:
        return timedelta(0)
    wait: timedelta = FIRST_WAIT * 2 ** min(too_many, 10)
    return min(wait, LONGEST_WAIT)
