"""What the tests of what-if ask with."""

from chalicelib.services import what_if
from tests.cast import after
from tests.factories import a_policy
from tests.integration.promises import all_targets

NOW = after(days=2)


def flips(policy=None, calendar=None, days=90, now=NOW) -> list[tuple]:
    """(ticket, target, cycle, was, would be) of every verdict that the draft would change."""
    what_if.check(policy, calendar, days)
    draft = what_if.draft_of({"policy": policy, "calendar": calendar})
    found = [one for page in what_if.pages(draft, days, now) for one in page.found]
    return sorted(
        (one["ticket"], one["target"], one["cycle"], one["was"], one["would_be"]) for one in found
    )


def with_targets(**target) -> dict:
    return a_policy(targets=all_targets(**target))
