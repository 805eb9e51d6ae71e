"""What an alert does to its incident: opens it, is counted, opens it again, resolves it.

Each effect is one write of the alert's record, the ticket, what happened, and the proof that this
delivery has been acted on.
"""

from collections.abc import Callable

from chalicelib.domain import alerts
from chalicelib.domain.alerts import Decision, Signal
from chalicelib.domain.events import Kind
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.vocabulary import ACTIVE, Status
from chalicelib.models.alert import AlertRecord
from chalicelib.models.saving import NotSaved, save_together
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import (
    episodes,
    intake,
    journal,
    parts,
    quotas,
    storms,
    tallies,
    tickets,
    worsening,
)
from chalicelib.services.cases import Case, was_done
from chalicelib.services.parts import Beside

DUPLICATE = "duplicate"
STILL = "The alert is still firing."
AGAIN = "The alert is firing again."
GIVEN_UP = (Status.CANCELLED, Status.MERGED)
NOTHING = Beside()


@journal.retried
def act(case: Case) -> tuple[str, str | None]:
    """Do what an alert asks for; answers the decision, and the ticket that it is about.

    Raises Postponed where the integration has opened enough for now.
    """
    record = AlertRecord.find(case.alert_id)
    known, in_maintenance = episodes.episode_of(record), case.maintained_until is not None
    decision = alerts.decide(case.alert, known, in_maintenance, case.heard_at)
    was_about = record.ticket_id if record else None
    if decision is Decision.IGNORE:
        return decision, was_about
    record = record or AlertRecord(case.alert_id)
    try:
        ACTS[decision](case, record)
    except NotSaved as error:
        if was_done(error):
            return DUPLICATE, was_about
        raise
    return decision, record.ticket_id


def open_first(case: Case, record: AlertRecord) -> None:
    """What has no incident yet gets one."""
    if record.held:  # it is told of before we have looked whether its window is over
        return after_maintenance(case, record, told=1)
    return open_new(case, record)


def after_maintenance(case: Case, record: AlertRecord, told: int = 0) -> None:
    """What fires on when its window is over; `told` is 1 where a repeat says so."""
    fire_again(case, record, AGAIN, int(record.held_times or 0) + told)


def open_new(
    case: Case, record: AlertRecord, finished: Ticket | None = None, times: int = 1
) -> None:
    """A new incident; one that goes on with a finished one names it."""
    quotas.check_may_open(case.integration, case.now)
    if finished:
        _part_with(case, record, finished)
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
    entries, others = [opened, _fired(case, ticket), *placed.entries], [*noted, *placed.records]
    journal.save(ticket, entries, case.now, record, *others, proof, checks=placed.checks)


def fire_again(case: Case, record: AlertRecord, why: str = AGAIN, times: int = 1) -> None:
    """Its incident is told of it, opened again, or followed by another one: whatever fits."""
    ticket = Ticket.find(record.ticket_id) if record.ticket_id else None
    if ticket is None:
        return open_new(case, record, times=times)
    if ticket.status in ACTIVE:
        return _go_on(case, record, ticket, times)
    if _reopens(case, record, ticket):
        return _reopen(case, record, ticket, why, times)
    return open_new(case, record, ticket, times)


def count_repeat(case: Case, record: AlertRecord) -> None:
    ticket = _ticket_of(record)
    if ticket is None or ticket.status in GIVEN_UP:
        episodes.tell_again(record, case)
        return save_together(record, case.proof(Decision.REPEAT, record.ticket_id))
    if ticket.status not in ACTIVE:
        return hold(case, record) if case.maintained_until else fire_again(case, record, STILL)
    worse = _worse(case, record, ticket)
    episodes.tell_again(record, case)
    beside = parts.weighing(ticket, case.alert.title, case.now) if worse else NOTHING
    return _save(ticket, worse, record, case, Decision.REPEAT, beside)


def hold(case: Case, record: AlertRecord) -> None:
    """During maintenance: kept and counted, without an incident."""
    episodes.hold(record, case)
    episodes.watch(record, case.integration, case.now, held_until=case.maintained_until)
    save_together(record, case.proof(Decision.HOLD))


def end(case: Case, record: AlertRecord) -> None:
    """The problem is over; so is its incident, if nothing speaks against it."""
    was_held = bool(record.held)
    ticket = Ticket.find(record.ticket_id) if record.ticket_id else None
    episodes.end(record, case)
    if ticket is None or was_held:  # what has no incident yet; the one before may wait for quiet
        _watch(record, case, over=ticket is None or ticket.status not in ACTIVE)
        return save_together(record, case.proof(Decision.RESOLVE))
    was_active, entries = ticket.status in ACTIVE, _told_of_end(case, record, ticket)
    entries += parts.resolved_if_over(record, ticket, case.integration, case.now)
    if ticket.status not in ACTIVE:
        record.part_of = None
    _watch(record, case, over=ticket.status not in ACTIVE)
    return _save(ticket, entries, record, case, Decision.RESOLVE, was_active=was_active)


def remember(case: Case, record: AlertRecord) -> None:
    """An end that came before its beginning: nothing to open, and nothing to open later."""
    episodes.note_end(record, case)
    save_together(record, case.proof(Decision.REMEMBER))


def note(case: Case, record: AlertRecord) -> None:
    """What is said of it in the tool: acknowledged, flapping, steady again."""
    ticket, proof = _ticket_of(record), case.proof(Decision.NOTE, record.ticket_id)
    record.last_at = case.now
    if case.alert.signal in (Signal.FLAPPING, Signal.STEADY):
        record.flapping = case.alert.signal is Signal.FLAPPING or None
        _watch(record, case, over=ticket is None or ticket.status not in ACTIVE)
    if ticket is None:
        return save_together(record, proof)
    ticket.alert = tallies.tally(record)
    entry = journal.entry(ticket, NOTED_AS[case.alert.signal], SYSTEM, case.now, case.facts())
    return journal.save(ticket, [entry], case.now, record, proof)


NOTED_AS = {
    Signal.ACKNOWLEDGED: Kind.ALERT_NOTED,
    Signal.FLAPPING: Kind.ALERT_FLAPPING,
    Signal.STEADY: Kind.ALERT_STEADY,
}
ACTS: dict[Decision, Callable[[Case, AlertRecord], None]] = {
    Decision.OPEN: open_first,
    Decision.AGAIN: fire_again,
    Decision.REPEAT: count_repeat,
    Decision.HOLD: hold,
    Decision.RESOLVE: end,
    Decision.REMEMBER: remember,
    Decision.NOTE: note,
}


def _ticket_of(record: AlertRecord) -> Ticket | None:
    """Its incident; what is held has none yet."""
    return Ticket.find(record.ticket_id) if record.ticket_id and not record.held else None


def _part_with(case: Case, record: AlertRecord, finished: Ticket) -> None:
    """Let a finished incident be as it was when another one followed it."""
    finished.alert = {**tallies.tally(record), "firing": False}
    if record.has_parts:
        parts.finish_all_with(finished, bool(record.solved), case.now)


def _go_on(case: Case, record: AlertRecord, ticket: Ticket, times: int) -> None:
    """Its incident was held open: it hears of it, unless the alert comes and goes all the time."""
    was_flapping, worse = bool(record.flapping), _worse(case, record, ticket)
    episodes.begin(record, case, int(record.times) + times)
    beside = _rejoined(case, record, ticket)
    entries = [] if was_flapping else [_fired(case, ticket)]
    entries += [*_flapping(case, record, ticket), *worse, *beside.entries]
    _watch(record, case)
    _save(ticket, entries, record, case, Decision.AGAIN, beside)


def _rejoined(case: Case, record: AlertRecord, ticket: Ticket) -> Beside:
    return parts.rejoined(ticket, record, case.alert.title, case.integration, case.now)


def _reopens(case: Case, record: AlertRecord, ticket: Ticket) -> bool:
    if ticket.status != Status.RESOLVED or ticket.resolved_at is None:
        return False
    is_late = case.now - ticket.resolved_at > case.integration.reopens_within
    if is_late or tickets.is_past_reopening(ticket, case.now):
        return False
    return parts.can_rejoin(ticket, record, case.now)


def _reopen(case: Case, record: AlertRecord, ticket: Ticket, why: str, times: int) -> None:
    before = record.severity
    episodes.begin(record, case, int(record.times) + times)
    late = tickets.become(ticket, Status.OPEN, case.now)
    facts = {"tier": int(ticket.tier), "reason": why}
    again = journal.entry(ticket, Kind.REOPENED, SYSTEM, case.now, facts)
    worse = worsening.by_alert(ticket, case, before)
    beside = _rejoined(case, record, ticket)
    told = [*_flapping(case, record, ticket), *worse, *late, *beside.entries]
    _watch(record, case)
    entries = [again, _fired(case, ticket), *told]
    _save(ticket, entries, record, case, Decision.AGAIN, beside)


def _worse(case: Case, record: AlertRecord, ticket: Ticket) -> list[TimelineEntry]:
    worse = worsening.by_alert(ticket, case, record.severity)
    if worse:
        record.severity = case.alert.severity
    return worse


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
    decision: Decision, beside: Beside = NOTHING, was_active: bool = True,
) -> None:  # fmt: skip
    """The ticket with what happened; where nothing is to be told, only what is remembered."""
    proof = case.proof(decision, ticket.ticket_id)
    others = (record, *beside.records, proof)
    if entries:
        ticket.alert = tallies.tally(record)
        return journal.save(
            ticket, entries, case.now, *others, checks=beside.checks, updates=beside.updates
        )
    still = [Ticket.still_active(ticket.ticket_id)] if was_active else []
    return save_together(*others, checks=[*beside.checks, *still], updates=beside.updates)
