"""What an alert does to its incident: opens it, is counted, opens it again, resolves it.

Each effect is one write of the alert's record, the ticket, what happened, and the proof that this
delivery has been acted on.
"""

from collections.abc import Callable
from typing import Any

from chalicelib.domain import alerts
from chalicelib.domain.alerts import Decision, Signal
from chalicelib.domain.events import Kind
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.priority import priority_of
from chalicelib.domain.vocabulary import ACTIVE, Status
from chalicelib.models.alert import AlertRecord
from chalicelib.models.saving import NotSaved, save_together
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import (
    deadlines,
    episodes,
    intake,
    journal,
    parts,
    quotas,
    solving,
    storms,
    tallies,
    tickets,
)
from chalicelib.services.cases import Case, was_done

DUPLICATE = "duplicate"
STILL = "The alert is still firing."
AGAIN = "The alert is firing again."
GIVEN_UP = (Status.CANCELLED, Status.MERGED)


@journal.retried
def act(case: Case) -> tuple[str, str | None]:
    """Do what an alert asks for; answers the decision, and the ticket that it is about.

    Raises Postponed where the integration has opened enough for now.
    """
    record = AlertRecord.find(case.alert_id)
    known, in_maintenance = episodes.episode_of(record), case.maintained_until is not None
    decision = alerts.decide(case.alert, known, in_maintenance)
    if decision is Decision.IGNORE:
        return decision, record.ticket_id if record else None
    record = record or AlertRecord(case.alert_id)
    try:
        ACTS[decision](case, record)
    except NotSaved as error:
        if was_done(error):
            return DUPLICATE, record.ticket_id
        raise
    return decision, record.ticket_id


def open_new(
    case: Case, record: AlertRecord, finished: Ticket | None = None, times: int = 1
) -> None:
    """A new incident; one that goes on with a finished one names it."""
    quotas.check_may_open(case.integration, case.now)
    episodes.begin(record, case, times)
    record.flapping = record.has_parts = record.part_of = None
    ticket, opened = intake.new_ticket(case.draft(tallies.tally(record)), SYSTEM, case.now)
    record.ticket_id = ticket.ticket_id
    placed = storms.place(case, ticket, record)
    _watch(record, case)
    noted = (
        [finished, intake.linked(finished, ticket, opened, SYSTEM, case.now)] if finished else []
    )
    proof = case.proof(Decision.OPEN, ticket.ticket_id)
    entries = [opened, _fired(case, ticket), *placed.entries]
    journal.save(ticket, entries, case.now, record, *noted, *placed.records, proof)


def fire_again(case: Case, record: AlertRecord, why: str = AGAIN) -> None:
    """Its incident is told of it, opened again, or followed by another one: whatever fits."""
    ticket = Ticket.find(record.ticket_id) if record.ticket_id else None
    if ticket is None:
        return open_new(case, record)
    if ticket.status in ACTIVE:
        return _go_on(case, record, ticket)
    if _reopens(case, ticket):
        return _reopen(case, record, ticket, why)
    return open_new(case, record, ticket)


def count_repeat(case: Case, record: AlertRecord) -> None:
    ticket = Ticket.find(record.ticket_id) if record.ticket_id and not record.held else None
    if ticket is None or ticket.status in GIVEN_UP:
        episodes.tell_again(record, case)
        return save_together(record, case.proof(Decision.REPEAT, record.ticket_id))
    if ticket.status not in ACTIVE:
        return fire_again(case, record, STILL)
    is_worse = alerts.is_worse(case.alert.severity, record.severity or "warning")
    episodes.tell_again(record, case)
    if is_worse:
        return _raise_severity(case, record, ticket)
    active = Ticket.still_active(ticket.ticket_id)
    return save_together(record, case.proof(Decision.REPEAT, ticket.ticket_id), checks=[active])


def hold(case: Case, record: AlertRecord) -> None:
    """During maintenance: kept and counted, without an incident."""
    episodes.hold(record, case)
    episodes.watch(record, case.integration, case.now, held_until=case.maintained_until)
    save_together(record, case.proof(Decision.HOLD))


def end(case: Case, record: AlertRecord) -> None:
    """The problem is over; so is its incident, if nothing speaks against it."""
    was_held = bool(record.held)
    episodes.end(record, case)
    ticket = Ticket.find(record.ticket_id) if record.ticket_id and not was_held else None
    if ticket is None:
        _watch(record, case)
        return save_together(record, case.proof(Decision.RESOLVE))
    entries = _told_of_end(case, record, ticket)
    if solving.is_over(record, ticket, case.integration, case.now):
        entries += solving.solved(ticket, case.now)
    _watch(record, case, over=ticket.status not in ACTIVE)
    ticket.alert = tallies.tally(record)
    return _save(ticket, entries, record, case, Decision.RESOLVE)


def remember(case: Case, record: AlertRecord) -> None:
    """An end that came before its beginning: nothing to open, and nothing to open later."""
    episodes.end(record, case)
    save_together(record, case.proof(Decision.REMEMBER))


def note(case: Case, record: AlertRecord) -> None:
    """What is said of it in the tool: acknowledged, flapping, steady again."""
    ticket = Ticket.find(record.ticket_id) if record.ticket_id else None
    if ticket is None:
        return save_together(record, case.proof(Decision.NOTE))
    record.last_at = case.now
    if case.alert.signal in (Signal.FLAPPING, Signal.STEADY):
        record.flapping = case.alert.signal is Signal.FLAPPING or None
        _watch(record, case)
    ticket.alert = tallies.tally(record)
    entry = journal.entry(ticket, NOTED_AS[case.alert.signal], SYSTEM, case.now, case.facts())
    return _save(ticket, [entry], record, case, Decision.NOTE)


NOTED_AS = {
    Signal.ACKNOWLEDGED: Kind.ALERT_NOTED,
    Signal.FLAPPING: Kind.ALERT_FLAPPING,
    Signal.STEADY: Kind.ALERT_STEADY,
}
ACTS: dict[Decision, Callable[[Case, AlertRecord], None]] = {
    Decision.OPEN: open_new,
    Decision.AGAIN: fire_again,
    Decision.REPEAT: count_repeat,
    Decision.HOLD: hold,
    Decision.RESOLVE: end,
    Decision.REMEMBER: remember,
    Decision.NOTE: note,
}


def _go_on(case: Case, record: AlertRecord, ticket: Ticket) -> None:
    """Its incident was held open: it hears of it, unless the alert comes and goes all the time."""
    was_flapping = bool(record.flapping)
    episodes.begin(record, case, int(record.times) + 1)
    record.part_of = ticket.parent
    entries = [] if was_flapping else [_fired(case, ticket)]
    entries += _flapping(case, record, ticket)
    _watch(record, case)
    ticket.alert = tallies.tally(record)
    _save(ticket, entries, record, case, Decision.AGAIN)


def _reopens(case: Case, ticket: Ticket) -> bool:
    if ticket.status != Status.RESOLVED or ticket.resolved_at is None:
        return False
    is_late = case.now - ticket.resolved_at > case.integration.reopens_within
    return not is_late and not tickets.is_past_reopening(ticket, case.now)


def _reopen(case: Case, record: AlertRecord, ticket: Ticket, why: str) -> None:
    episodes.begin(record, case, int(record.times) + 1)
    late = tickets.become(ticket, Status.OPEN, case.now)
    facts = {"tier": int(ticket.tier), "reason": why}
    again = journal.entry(ticket, Kind.REOPENED, SYSTEM, case.now, facts)
    apart = parts.reopened(ticket, record, case.now)
    entries = [again, _fired(case, ticket), *_flapping(case, record, ticket), *late, *apart]
    _watch(record, case)
    ticket.alert = tallies.tally(record)
    journal.save(ticket, entries, case.now, record, case.proof(Decision.AGAIN, ticket.ticket_id))


def _raise_severity(case: Case, record: AlertRecord, ticket: Ticket) -> None:
    """It became worse: so does the priority, if it does; never the other way."""
    before, record.severity = record.severity, case.alert.severity
    data: dict[str, Any] = {**case.facts(), "before": {"severity": before},
                            "after": {"severity": record.severity}}  # fmt: skip
    impact, urgency = case.levels
    priority, late = priority_of(impact, urgency), []
    if priority < ticket.priority:
        data["before"]["priority"], data["after"]["priority"] = ticket.priority, priority.value
        ticket.impact, ticket.urgency, ticket.priority = impact, urgency, priority.value
        late = deadlines.renewed(ticket, case.now) if not ticket.parent else []
    ticket.alert = tallies.tally(record)
    entry = journal.entry(ticket, Kind.ALERT_CHANGED, SYSTEM, case.now, data)
    _save(ticket, [entry, *late], record, case, Decision.REPEAT)


def _told_of_end(case: Case, record: AlertRecord, ticket: Ticket) -> list[TimelineEntry]:
    if record.flapping:
        return []
    ended = journal.entry(ticket, Kind.ALERT_RESOLVED, SYSTEM, case.now, case.facts())
    return [ended, *_flapping(case, record, ticket)]


def _flapping(case: Case, record: AlertRecord, ticket: Ticket) -> list[TimelineEntry]:
    """Says once that it flaps."""
    if record.flapping or not episodes.flaps(record, case.integration, case.now):
        return []
    record.flapping = True
    data = {**case.facts(), "changes": len(record.changes),
            "minutes": case.integration.flap_within // 60}  # fmt: skip
    return [journal.entry(ticket, Kind.ALERT_FLAPPING, SYSTEM, case.now, data)]


def _fired(case: Case, ticket: Ticket) -> TimelineEntry:
    return journal.entry(ticket, Kind.ALERT_FIRED, SYSTEM, case.now, case.facts())


def _watch(record: AlertRecord, case: Case, over: bool = False) -> None:
    episodes.watch(record, case.integration, case.now, over=over)


def _save(
    ticket: Ticket, entries: list[TimelineEntry], record: AlertRecord, case: Case,
    decision: Decision,
) -> None:  # fmt: skip
    """The ticket with what happened; where nothing is to be told, only what is remembered."""
    proof = case.proof(decision, ticket.ticket_id)
    if entries:
        return journal.save(ticket, entries, case.now, record, proof)
    return save_together(record, proof, checks=[Ticket.still_active(ticket.ticket_id)])
