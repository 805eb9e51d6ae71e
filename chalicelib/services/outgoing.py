"""What is settled only when a letter goes out: its link, what its reader may be told, if at all."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.errors import TooMany
from chalicelib.domain.letters import Letter, LetterKind
from chalicelib.domain.links import Action, Scope
from chalicelib.models.marker import Marker
from chalicelib.models.saving import NotSaved, save_together
from chalicelib.services import guests, limits, links

AUTOMATIC = frozenset({LetterKind.ACKNOWLEDGEMENT, LetterKind.WAITING})
EVERY = timedelta(days=1)


def ready(letter: Letter, now: datetime) -> Letter | None:
    """The letter as it is to be sent; None where it had better not be sent at all.

    Sent twice after a crash, it has another link the second time, and both work.
    """
    opens = letter.opens
    if opens is None:
        return letter
    proven = opens.action is Action.FOLLOW and guests.is_proven(opens.person_id, now)
    if letter.kind in AUTOMATIC and not proven and not _may_go(letter, opens, now):
        return None
    return replace(letter, link=f"{letter.link}?key={links.issue(opens, now)}", proven=proven)


def _may_go(letter: Letter, opens: Scope, now: datetime) -> bool:
    """Whoever fills in a form with other people's addresses shall not make us write to them.

    One of a kind a day to an address, unless it is the same letter again; and so many an hour
    altogether.
    """
    marker_id = f"told#{letter.kind}#{opens.person_id}"
    before = Marker.live(marker_id, now)
    if before:
        return before.digest == letter.key
    try:
        limits.take(limits.ACKNOWLEDGEMENTS, "everybody", now)
        save_together(Marker.lasting(marker_id, now, EVERY, digest=letter.key))
    except (TooMany, NotSaved):
        return False
    return True
