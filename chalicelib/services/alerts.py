"""Deliveries from the alerts queue: understood, acted on alert by alert, and noted in the log.

What only repeats what is known is counted together, in one read and one write for a whole batch.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters import queues
from chalicelib.domain import storms
from chalicelib.domain.alerts import Decision, decide
from chalicelib.domain.instants import from_text
from chalicelib.models.alert import AlertRecord
from chalicelib.models.delivery import DeliveryRecord
from chalicelib.models.saving import NotSaved, save_together
from chalicelib.observability import count, logger
from chalicelib.services import (
    delivery_reading,
    episodes,
    groups,
    hooks,
    incidents,
    quotas,
    repeats,
    trials,
)
from chalicelib.services import storms as storming
from chalicelib.services.cases import Case
from chalicelib.services.deliveries import record_of
from chalicelib.services.delivery_reading import Reading
from chalicelib.services.signing import short_digest

IN_TIME = timedelta(seconds=20)
AT_ONCE = 25  # alerts in one message; each may open an incident, and a run has thirty seconds
TICKETS_NAMED = 20

Message = dict[str, Any]


@dataclass
class Task:
    """One message: what it says, and what became of each of its alerts."""

    position: int
    reading: Reading
    cases: list[tuple[int, Case]] = field(default_factory=list)  # with their place in the delivery
    decisions: Counter[str] = field(default_factory=Counter)
    tickets: list[str] = field(default_factory=list)
    postponed: list[int] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    is_noted: bool = False

    @property
    def is_test(self) -> bool:
        return bool(self.reading.message.get("test"))

    def note(self, decision: str, ticket_id: str | None) -> None:
        self.decisions[decision] += 1
        if ticket_id and ticket_id not in self.tickets:
            self.tickets = [*self.tickets, ticket_id][:TICKETS_NAMED]


def receive(messages: Sequence[Message], now: datetime) -> list[int]:
    """Act on a batch; answers the positions of those that failed, to come again. Safe to repeat."""
    failed: list[int] = []
    tasks = [task for n, one in enumerate(messages) if (task := _begun(n, one, now, failed))]
    cases = [case for task in tasks if not task.is_test for _, case in task.cases]
    known = _known(cases)
    _count_what_is_beside(tasks, known)
    counted = repeats.count_together(cases, known)
    for task in tasks:
        try:
            _finish(task, counted, now)
        except Exception:  # the others go on; this one comes again, and at last among the dead
            logger.exception("delivery failed", delivery=task.reading.message["id"])
            count("MessageFailed")
            failed.append(task.position)
    return failed


def _begun(position: int, message: Message, now: datetime, failed: list[int]) -> Task | None:
    """What is to be done for a message; None if that is done, or failed."""
    try:
        return _task(position, message, now)
    except Exception:
        logger.exception("message failed")
        count("MessageFailed")
        failed.append(position)
        return None


def _task(position: int, message: Message, now: datetime) -> Task | None:
    if "entry_id" in message:
        storming.fold(message["ticket_id"], message["entry_id"], now)
        return None
    if "ends" in message:
        groups.end_all(message, now)
        return None
    task = Task(position, delivery_reading.read(message))
    if _is_large(task):
        _split(task, now)
        return None
    return _with_cases(task, now)


def _with_cases(task: Task, now: datetime) -> Task:
    reading, message = task.reading, task.reading.message
    found = list(enumerate(reading.report.alerts))
    only = message.get("only")
    is_alone = len(found) == 1 and only is None and not reading.report.message_id
    row = record_of(reading) if is_alone and not task.is_test else None
    left_out = reading.report.group.left_out if reading.report.group else 0
    number = reading.report.message_id
    told_by = short_digest(number) if number else message["id"]
    came_at = from_text(message["at"])
    task.cases = [
        (
            place,
            Case(reading.integration, alert, told_by, now, row, 0, left_out, str(place), came_at),
        )
        for place, alert in found
        if only is None or place in only
    ]
    return task


def _is_large(task: Task) -> bool:
    is_whole = task.reading.message.get("only") is None
    return is_whole and len(task.reading.report.alerts) > AT_ONCE


def _split(task: Task, now: datetime) -> None:
    """One delivery, many messages: its parts are worked on side by side."""
    message, places = task.reading.message, range(len(task.reading.report.alerts))
    if not message.get("stored_as"):
        message.update(hooks.put_by(message, delivery_reading.body_of(message)))
    task.decisions["alerts"] = len(places)
    _note(task)  # before its parts, which add to that row
    slices = [list(places[start : start + AT_ONCE]) for start in places[::AT_ONCE]]
    if queues.send(hooks.QUEUE, [{**message, "only": one} for one in slices]):
        raise RuntimeError("the queue refused parts of a delivery")
    groups.end_left_out(task.reading, now)


def _known(cases: list[Case]) -> dict[str, AlertRecord]:
    ids = list(dict.fromkeys(case.alert_id for case in cases))
    return AlertRecord.many(ids) if ids else {}


def _count_what_is_beside(tasks: list[Task], known: dict[str, AlertRecord]) -> None:
    """How many new problems of the same service, site or group come in the same message."""
    for task in tasks:
        keyed: dict[str | None, list[Case]] = defaultdict(list)
        for _, case in task.cases:
            if case.alert.firing and _would_open(case, known.get(case.alert_id)):
                by = case.integration.storm_by
                keyed[storms.key_of(case.labels, case.alert.group, by)].append(case)
        for cases in keyed.values():
            others = len({case.alert_id for case in cases}) - 1
            for case in cases:
                case.beside = others


def _would_open(case: Case, record: AlertRecord | None) -> bool:
    if case.maintained_until:
        return False
    last = episodes.episode_of(record)
    return decide(case.alert, last, False, case.heard_at) is Decision.OPEN


def _finish(task: Task, counted: dict[int, str], now: datetime) -> None:
    """Whatever was not counted together, one by one; then the log."""
    if task.is_test:
        return _note_trial(task)
    for place, case in task.cases:
        if id(case) in counted:
            task.note(Decision.REPEAT, counted[id(case)])
        else:
            _act(task, place, case)
    task.is_noted = bool(task.cases) and task.cases[0][1].row is not None and _is_done(task)
    _postpone(task, now)
    groups.end_left_out(task.reading, now)
    if task.failures:
        raise task.failures[0]
    return _note(task)


def _act(task: Task, place: int, case: Case) -> None:
    """One that fails does not keep the others; the message comes again for it."""
    is_late = case.now - case.heard_at > IN_TIME
    has_waited = case.alert.firing and (is_late or task.reading.message.get("waited"))
    try:
        if has_waited and groups.has_ended(case):
            return task.note(Decision.IGNORE, None)
        task.note(*incidents.act(case))
    except quotas.Postponed:
        task.postponed.append(place)
    except Exception as error:
        task.failures.append(error)
    return None


def _is_done(task: Task) -> bool:
    """Whether the row was written with what was done."""
    return not ({Decision.IGNORE, incidents.DUPLICATE} & set(task.decisions) or task.postponed)


def _postpone(task: Task, now: datetime) -> None:
    """What is more than the integration may open now comes again; nothing is dropped."""
    if not task.postponed:
        return
    count("AlertsPostponed", len(task.postponed))
    only = {} if task.cases[0][1].row else {"only": task.postponed}
    again = {**task.reading.message, **only, "waited": True}
    queues.send_one(hooks.QUEUE, again, quotas.wait_seconds(now))


def _note(task: Task) -> None:
    """One row in the log for each delivery, or a line in it for each part of one."""
    _tell_metrics(task)
    message, is_waiting = task.reading.message, bool(task.postponed)
    if task.is_noted or (is_waiting and task.cases[0][1].row):
        return
    if message.get("only") is not None:
        _note_part(task)
    else:
        _write(_row(task))


def _row(task: Task) -> DeliveryRecord:
    outcome = {"outcome": incidents.DUPLICATE} if _is_duplicate(task) else {}
    decisions = dict(task.decisions) or None
    return record_of(task.reading, decisions=decisions, tickets=task.tickets or None, **outcome)


def _note_part(task: Task) -> None:
    message, only = task.reading.message, task.reading.message["only"]
    if task.decisions:
        part = f"{only[0]}+{len(only)}"
        DeliveryRecord.note_part(message["integration"], message["id"], part, task.decisions)


def _note_trial(task: Task) -> None:
    words = trials.words([case for _, case in task.cases]) or task.reading.detail
    _write(record_of(task.reading, outcome="test", detail=words))


def _is_duplicate(task: Task) -> bool:
    return bool(task.decisions) and set(task.decisions) == {incidents.DUPLICATE}


def _tell_metrics(task: Task) -> None:
    count("AlertsReceived", len(task.cases))
    if task.reading.outcome == "unreadable":
        count("DeliveryUnreadable")
    if task.reading.outcome == "refused":
        count("DeliveryRefused")


def _write(row: DeliveryRecord) -> None:
    """Once: a message that comes again finds its row written."""
    try:
        save_together(row)
    except NotSaved as error:
        if row not in error.beaten:
            raise
