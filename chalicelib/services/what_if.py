"""What a draft of a policy or a calendar would have changed: stored clocks, measured by it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain import calendars, policy_checks
from chalicelib.domain.calendars import ALWAYS, Calendar
from chalicelib.domain.errors import FieldError, Invalid
from chalicelib.domain.events import Kind
from chalicelib.domain.instants import to_text
from chalicelib.domain.policies import OF_BRANCH, STANDARD, Policy, first_match
from chalicelib.domain.replay import NOT_MEASURED, replayed, verdict
from chalicelib.domain.sla import Clock
from chalicelib.domain.sla_records import clock_from_data
from chalicelib.domain.vocabulary import TARGETS, Priority, Status
from chalicelib.domain.worklists import finished_since, span, tier_lists
from chalicelib.models.job import Job
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import clocks, settings
from chalicelib.services.work import Page, Work

PAGE = 50
MOST_DAYS = 366
FINISHED = "finished/"

Data = dict[str, Any]


@dataclass(frozen=True)
class Draft:
    """The rules as they would be: policies in order, and a calendar in another's place."""

    policies: tuple[Policy, ...]
    policy_id: str | None
    calendar: Calendar | None

    def hours(self, policy: Policy, branch: str | None) -> Calendar:
        drafted = self.calendar
        if drafted and policy.calendar == drafted.id:
            return drafted
        if policy.calendar != OF_BRANCH:
            return settings.calendar(policy.calendar)
        known = settings.branch(branch) if branch else None
        if drafted and known and known["calendar"] == drafted.id:
            return drafted
        return settings.calendar(known["calendar"]) if known else ALWAYS

    def concerns(self, ticket: Ticket, policy: Policy, hours: Calendar) -> bool:
        """Whether the draft could make any difference to a ticket."""
        by_policy = self.policy_id in (policy.id, ticket.sla["policy"])
        return by_policy or (self.calendar is not None and hours.id == self.calendar.id)


def check(policy: Data | None, calendar: Data | None, days: int) -> None:
    """Raises Invalid, field by field, for a draft that could not be stored either."""
    wrong = []
    if not policy and not calendar:
        wrong.append(FieldError("", "Give a draft of a policy, of a calendar, or both."))
    if not 1 <= days <= MOST_DAYS:
        wrong.append(FieldError("/days", f"Look back 1 to {MOST_DAYS} days."))
    known = [one.id for one in settings.calendars()]
    if calendar:
        wrong += [_below("/calendar", one) for one in calendars.check(calendar)]
        known.append(str(calendar.get("id")))
    if policy:
        wrong += [_below("/policy", one) for one in policy_checks.check(policy, known)]
    if wrong:
        raise Invalid(*wrong)


def draft_of(about: Data) -> Draft:
    """Of `{policy?, calendar?}` that `check` finds nothing wrong with."""
    drafted = Policy.from_data(about["policy"]) if about.get("policy") else None
    calendar = Calendar.from_data(about["calendar"]) if about.get("calendar") else None
    return Draft(tuple(_with(drafted)), drafted.id if drafted else None, calendar)


def flips(ticket: Ticket, draft: Draft, now: datetime) -> list[Data]:
    """The verdicts of a ticket that would be others under the draft."""
    policy = first_match(draft.policies, clocks.facts_of(ticket))
    hours = draft.hours(policy, ticket.branch)
    if ticket.status == Status.CANCELLED or not draft.concerns(ticket, policy, hours):
        return []
    measured = (
        (clock, replayed(clock, policy.within(priority, clock.kind, tier), hours, now))
        for clock, priority, tier in _cycles(ticket)
        if clock.kind in TARGETS
    )
    return [_flip(ticket, *pair) for pair in measured if _has_flipped(*pair)]


def parts(days: int, now: datetime) -> list[str]:
    """The work lists in which tickets of the last days stand."""
    years = range((now - timedelta(days=days)).year, now.year + 1)
    return [*tier_lists(), *(f"{FINISHED}{year}" for year in years)]


def pages(draft: Draft, days: int, now: datetime) -> Iterator[Page]:
    """Every page of every list, one after the other."""
    for name in parts(days, now):
        cursor: str | None = None
        while (found := page(draft, days, name, cursor, now)).next:
            yield found
            cursor = found.next
        yield found


def page(draft: Draft, days: int, name: str, cursor: str | None, now: datetime) -> Page:
    """One page of one list."""
    rows = list(Ticket.page_of(name, _span(name, days, cursor, now), PAGE))
    found = [flip for row in rows for flip in flips(row, draft, now)]
    more = rows[-1].list_rank if len(rows) == PAGE else None
    return Page(len(rows), len(found), more, tuple(found))


def total(days: int, name: str, now: datetime) -> int:
    return Ticket.count_in(name, _span(name, days, None, now))


def _span(name: str, days: int, cursor: str | None, now: datetime) -> tuple[str, str]:
    if name.startswith(FINISHED):
        return finished_since(now - timedelta(days=days), cursor)
    return span(cursor, finished=False)


def _with(drafted: Policy | None) -> Iterator[Policy]:
    """The policies in force with the draft in its own place, or before the standard one."""
    known = settings.policies()
    is_new = drafted is not None and all(one.id != drafted.id for one in known)
    for one in known:
        if drafted and is_new and one.id == STANDARD.id:
            yield drafted
        yield drafted if drafted and one.id == drafted.id else one


def _cycles(ticket: Ticket) -> Iterator[tuple[Clock, Priority, int]]:
    """Every cycle of a ticket, with the priority and the tier under which it was judged."""
    found = {(one.kind.value, one.cycle): one for one in clocks.clocks_of(ticket)}
    judged: dict[tuple[str, int], Data] = {}
    if any(_has_past(ticket, one) for one in found.values()):
        for entry in TimelineEntry.of(ticket.ticket_id, None, None):
            judged = {**_judged_in(entry), **judged}
            found = {**_over_in(entry), **found}
    as_it_is = {"priority": ticket.priority, "tier": ticket.tier}
    for key, clock in found.items():
        facts = judged.get(key, as_it_is)
        yield clock, Priority(facts["priority"]), int(facts["tier"])


def _has_past(ticket: Ticket, clock: Clock) -> bool:
    """Whether only the timeline knows under what a clock was judged, or of its earlier cycles."""
    is_of_now = clock.met_at is None or clock.within == clocks.within_of(ticket, clock.kind)
    return clock.cycle > 1 or clock.breached_at is not None or not is_of_now


def _judged_in(entry: TimelineEntry) -> dict[tuple[str, int], Data]:
    """The priority and the tier at which cycles were met or missed, as an entry tells."""
    told = {(one["kind"], one["cycle"]): one for one in entry.cycles or []}
    if entry.kind == Kind.SLA_BREACHED:
        told[entry.data["target"], entry.data["cycle"]] = entry.data
    return told


def _over_in(entry: TimelineEntry) -> dict[tuple[str, int], Clock]:
    return {
        (one["kind"], one["cycle"]): clock_from_data(one, settings.calendar_at)
        for one in entry.cycles or []
    }


def _has_flipped(before: Clock, after: Clock) -> bool:
    verdicts = verdict(before), verdict(after)
    return verdicts[0] != verdicts[1] and NOT_MEASURED not in verdicts


def _flip(ticket: Ticket, before: Clock, after: Clock) -> Data:
    return {
        "ticket": ticket.ticket_id,
        "subject": str(ticket.subject)[:80],
        "priority": ticket.priority,
        "target": before.kind.value,
        "cycle": before.cycle,
        "started_at": to_text(before.segments[0].started_at),
        "was": verdict(before),
        "would_be": verdict(after),
        "used_seconds": after.used,
        "within_seconds": after.within,
    }


def _below(at: str, error: FieldError) -> FieldError:
    return replace(error, pointer=at + error.pointer)


def _parts_of_job(job: Job) -> Iterable[str]:
    return parts(job.about["days"], job.created_at)


def _total_of_job(job: Job, name: str) -> int:
    return total(job.about["days"], name, job.created_at)


def _page_of_job(job: Job, name: str, cursor: str | None, now: datetime) -> Page:
    """Everything is measured as at the instant at which the question was asked."""
    return page(draft_of(job.about), job.about["days"], name, cursor, job.created_at)


WORK = Work(_parts_of_job, _total_of_job, _page_of_job)
