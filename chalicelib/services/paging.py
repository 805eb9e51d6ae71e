"""On-call: whom a ticket calls when nobody on shift can take it, and how that goes up.

First who is on call, then their backup, then the leads, then the managers; each has the
rotation's time to acknowledge.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain import on_call
from chalicelib.domain.errors import NotFound
from chalicelib.domain.events import Kind
from chalicelib.domain.instants import text_or_none, to_text
from chalicelib.domain.links import Action, Scope
from chalicelib.domain.on_call import Rotation
from chalicelib.domain.people import SYSTEM, Actor
from chalicelib.domain.vocabulary import IN_WORK, Role
from chalicelib.models.link import Link
from chalicelib.models.saving import NotSaved
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import journal, links, settings, sight, staff

ON_CALL, BACKUP, LEADS, MANAGERS = range(4)
OF_ROLE = {LEADS: (Role.LEAD,), MANAGERS: (Role.LEAD, Role.ADMIN)}


def begun(ticket: Ticket, now: datetime) -> list[TimelineEntry]:
    """What is to be saved when a ticket finds nobody: the page to who is on call, if any is."""
    rotation = rotation_for(ticket)
    return _called(ticket, rotation, ON_CALL, now) if rotation and ticket.page is None else []


def gone_up(ticket: Ticket, now: datetime) -> list[TimelineEntry]:
    """The next ones are called, for nobody has acknowledged in time; the last are called once."""
    page = ticket.page or {}
    rotation = next((one for one in settings.rotations() if one.id == page.get("rotation")), None)
    if rotation is None:
        ticket.page = {**page, "ack_by": None}
        return []
    return _called(ticket, rotation, int(page["step"]) + 1, now)


def rotation_for(ticket: Ticket) -> Rotation | None:
    """The rotation that calls for such a ticket; none while it waits for somebody else."""
    if ticket.status not in IN_WORK:
        return None
    fit = (
        one for one in settings.rotations()
        if one.tier == int(ticket.tier) and ticket.priority in one.pages_for
    )  # fmt: skip
    return next(fit, None)


def now_on_call(now: datetime) -> list[dict[str, Any]]:
    """Per rotation: who is called now and who next, with the instants."""
    return [{"rotation": one, "on_call": on_call.on_call(one, now)} for one in settings.rotations()]


def called_now(tier: int, now: datetime) -> list[dict[str, str]]:
    """Who is on call for a tier at this moment: `[{id, name}]`."""
    ids = [on_call.person_at(one, now) for one in settings.rotations() if one.tier == tier]
    known = staff.rows()
    return [{"id": one, "name": known[one].name} for one in ids if one in known]


def link_scope(ticket_id: str, person_id: str) -> Scope:
    return Scope(Action.CALL, person_id, ticket_id)


def link_key(ticket_id: str, person_id: str, now: datetime) -> str:
    """The secret part of a page's link: this ticket, this person, for two days, to take it once."""
    return links.issue(link_scope(ticket_id, person_id), now)


def called_by(ticket_id: str, key: str | None, now: datetime) -> Link:
    """The link of a page, with whom it was sent to. Raises NotFound."""
    return links.find(Action.CALL, key, now, ticket_id)


def answered(link: Link, now: datetime) -> str:
    """The link has done its work; answers a pass with which its reader may go on looking.

    Raises NotFound where another was faster.
    """
    try:
        return links.exchange(link, Action.CALLED, now)
    except NotSaved as error:
        raise NotFound(links.USED) from error


def looked_by(ticket_id: str, looker_pass: str | None, now: datetime) -> str:
    """Who took the ticket by a link a little while ago. Raises NotFound."""
    return str(links.find(Action.CALLED, looker_pass, now, ticket_id).person_id)


def _called(ticket: Ticket, rotation: Rotation, step: int, now: datetime) -> list[TimelineEntry]:
    """Call the first step, from this one on, at which there is somebody."""
    reached = (ticket.page or {}).get("called", [])
    for one in range(step, MANAGERS + 1):
        called = [who for who in _people(rotation, one, ticket, now) if who not in reached]
        if called:
            return [_page(ticket, rotation, one, [*reached, *called], called, now)]
    if ticket.page:
        ticket.page = {**ticket.page, "ack_by": None}
    return []


def _page(
    ticket: Ticket, rotation: Rotation, step: int, reached: list[str], called: list[str],
    now: datetime,
) -> TimelineEntry:  # fmt: skip
    ack_by = None if step == MANAGERS else now + timedelta(seconds=rotation.acknowledge_within)
    ticket.page = {
        "rotation": rotation.id, "step": step, "called": reached, "at": to_text(now),
        "ack_by": text_or_none(ack_by),
    }  # fmt: skip
    to = [{"id": one, "name": staff.rows()[one].name} for one in called]
    data = {"to": to, "step": step, "rotation": rotation.id, "tier": int(ticket.tier),
            "channels": list(rotation.channels), "ack_by": text_or_none(ack_by)}  # fmt: skip
    return journal.entry(ticket, Kind.PAGED, SYSTEM, now, data)


def _people(rotation: Rotation, step: int, ticket: Ticket, now: datetime) -> list[str]:
    here = ((one, row) for one, row in staff.rows().items() if not staff.is_outside(row))
    known = {one: row for one, row in here if sight.sees(row, ticket)}
    if step in OF_ROLE:
        return [one for one, row in known.items() if row.role in OF_ROLE[step]]
    first = on_call.person_at(rotation, now)
    found = first if step == ON_CALL else on_call.backup_of(rotation, now, first, set(known))
    return [found] if found in known else []


def names(ids: Iterable[str]) -> list[str]:
    """Who these are, for people to read."""
    return [row.name for one in ids if (row := staff.rows().get(one))]


def may_acknowledge(ticket: Ticket, actor: Actor) -> bool:
    """Whoever was called for it may say that they take it."""
    return bool(ticket.page and actor.id in ticket.page["called"])
