"""Storms: where a new incident belongs, and how the earlier ones come to be parts."""

from datetime import datetime, timedelta

from chalicelib.domain import storms
from chalicelib.domain.events import Kind
from chalicelib.domain.instants import from_text, to_text
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.storms import Gathering, Place
from chalicelib.domain.vocabulary import ACTIVE
from chalicelib.models.alert import AlertRecord, Storm
from chalicelib.models.base import Record
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import clocks, deadlines, journal, ownership, parts
from chalicelib.services.cases import Case
from chalicelib.services.parts import Beside, Family
from chalicelib.services.signing import short_digest

NOTED_EVERY = 4  # parts of the span after which a storm is over


def place(case: Case, ticket: Ticket, record: AlertRecord) -> Beside:
    """Make a new incident a part, a parent, or neither. Nothing is saved here."""
    found = case.integration
    key = storms.key_of(case.labels, case.alert.group, found.storm_by)
    if key is None or not found.storm_size:
        return Beside()
    storm = _storm(case, key)
    known = storms.recent(_gathering(storm), timedelta(seconds=found.storm_within), case.now)
    known, family = _family(known, record)
    where = storms.place(known, found.storm_size, case.beside)
    if where in (Place.PART, Place.TURNING) and family:
        _make_part(ticket, record, family[0])
    if where is Place.PART and family:
        return _joined(case, storm, ticket, family)
    _remember(storm, known, case, ticket, where)
    if where is Place.ALONE:
        return Beside(records=[storm])
    return _began(case, key, storm, known, ticket, record, family)


def fold(ticket_id: str, entry_id: str, now: datetime) -> None:
    """A storm began: the incidents that were there before become parts of the first of them.

    Safe to run again.
    """
    entry = TimelineEntry.find(ticket_id, entry_id)
    for one in entry.data["tickets"] if entry else ():
        _fold_one(one, ticket_id, now)


@journal.retried
def _fold_one(ticket_id: str, parent_id: str, now: datetime) -> None:
    ticket, parent = Ticket.find(ticket_id), Ticket.find(parent_id)
    if ticket is None or ticket.parent or ticket.status not in ACTIVE:
        return
    if ticket.was_part_of == parent_id:  # told again, and made apart since
        return
    if parent is None or parent.status not in ACTIVE:
        return
    record = AlertRecord.find(ticket.alert["id"])
    folded = [_folded(ticket, parent_id, now), *deadlines.judged(ticket, now)]
    folded[0].cycles = clocks.record_ended(ticket) or None
    ticket.parent = parent_id
    clocks.set_clocks(ticket, ())
    beside = parts.weighing_on(parent, ticket, ticket.subject, now)
    if record and record.ticket_id == ticket_id:
        record.part_of = parent_id
        beside.records.append(record)
    journal.save(ticket, folded, now, *beside.records, checks=beside.checks)


def _folded(ticket: Ticket, parent_id: str, now: datetime) -> TimelineEntry:
    data = {"parent": parent_id, "was": ownership.assignee_of(ticket)}
    ownership.release(ticket, now)
    return journal.entry(ticket, Kind.FOLDED, SYSTEM, now, data)


def _storm(case: Case, key: str) -> Storm:
    name = f"storm#{case.integration.id}#{short_digest(key)}"
    return Storm.find(name) or Storm(name, opened=[])


def _gathering(storm: Storm) -> Gathering:
    opened = tuple((from_text(at), ticket) for at, ticket in storm.opened or ())
    return Gathering(opened, storm.parent, storm.last_at)


def _family(known: Gathering, record: AlertRecord) -> tuple[Gathering, Family | None]:
    """Whom a new incident could be a part of: the storm's parent, or the first that is open yet."""
    if known.parent:
        family = _leads(known.parent, record)
        return (known, family) if family else (Gathering(), None)
    for place, (_, ticket_id) in enumerate(known.opened):
        family = _leads(ticket_id, record)
        if family:
            return Gathering(known.opened[place:], None, known.last_at), family
    return Gathering(), None


def _leads(ticket_id: str, record: AlertRecord) -> Family | None:
    found = Ticket.find(ticket_id)
    if found is None or found.status not in ACTIVE or found.parent:
        return None
    leader = parts.leader_of(found, record)
    return (found, leader) if leader else None


def _joined(case: Case, storm: Storm, ticket: Ticket, family: Family) -> Beside:
    beside = parts.under(family, ticket, case.alert.title, case.integration, case.now)
    beside.records += _noted(storm, case)
    return beside


def _make_part(ticket: Ticket, record: AlertRecord, parent: Ticket) -> None:
    """It runs no clocks and waits for nobody; whoever works on the parent works on it."""
    ticket.parent = record.part_of = parent.ticket_id
    ticket.tier, ticket.team = parent.tier, parent.team
    clocks.set_clocks(ticket, ())


def _noted(storm: Storm, case: Case) -> list[Record]:
    """That the storm goes on, written seldom: many parts come at once."""
    often = timedelta(seconds=case.integration.storm_within) / NOTED_EVERY
    if case.now - storm.last_at < often:
        return []
    storm.last_at = case.now
    return [storm]


def _remember(storm: Storm, known: Gathering, case: Case, ticket: Ticket, where: Place) -> None:
    opened = [[to_text(at), one] for at, one in known.opened]
    storm.opened = [*opened, [to_text(case.now), ticket.ticket_id]]
    storm.parent, storm.last_at = None, case.now
    if where is Place.FIRST:
        storm.parent = ticket.ticket_id
    if where is Place.TURNING:
        storm.parent, storm.opened = known.opened[0][1], []


def _began(
    case: Case, key: str, storm: Storm, known: Gathering, ticket: Ticket, record: AlertRecord,
    family: Family | None,
) -> Beside:  # fmt: skip
    """The parent says so; that entry, told to the queue, makes parts of the others."""
    data = {"key": key, "tickets": [one for _, one in known.opened[1:]]}
    of = family[0] if family else ticket
    entry = journal.entry(of, Kind.STORM_BEGAN, SYSTEM, case.now, data)
    if family is None:
        record.has_parts = True
        return Beside([entry], [storm])
    beside = parts.under(family, ticket, case.alert.title, case.integration, case.now, [entry])
    beside.records.append(storm)
    return beside
