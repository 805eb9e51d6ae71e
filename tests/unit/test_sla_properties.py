"""SLA clocks under everything that can happen to them, in any order, to the second.

What a clock shows must be what a slow walk through every minute says: tests/oracle.py, told only
when the clock ran and by which calendar. The rules of pausing stand here a second time.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain import sla
from chalicelib.domain.calendars import Calendar
from chalicelib.domain.policies import STANDARD
from chalicelib.domain.sla_records import clock_from_data, clock_to_data
from chalicelib.domain.sla_steps import steps_due, take
from chalicelib.domain.vocabulary import Priority, Status, Target
from tests.oracle import Life

DAY, YEAR = timedelta(days=1), timedelta(days=366)
LUNCH = [["09:00", "12:30"], ["13:30", "18:00"]]
NIGHT = [["00:00", "03:30"], ["22:15", "24:00"]]


def calendar(name: str, zone: str, hours: list, holiday: str, opening: str) -> dict:
    """Open on weekdays and, by a one-off opening, once at the week-end or on a holiday."""
    return {
        "id": name, "name": name, "version": 1, "zone": zone,
        "weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), hours),
        "holidays": [holiday], "openings": {opening: [["01:00", "04:15"]]},
        "public_holidays": {},
    }  # fmt: skip


# Each with a night in which its zone turns the clocks, and an opening over just that night.
CALENDARS = {
    one["id"]: one
    for one in (
        calendar("howe", "Australia/Lord_Howe", NIGHT, "2026-10-05", "2026-10-04"),
        calendar("chatham", "Pacific/Chatham", NIGHT, "2026-09-28", "2026-09-27"),
        calendar("santiago", "America/Santiago", NIGHT, "2026-09-07", "2026-09-06"),
        calendar("casablanca", "Africa/Casablanca", LUNCH, "2026-02-16", "2026-02-15"),
        calendar("lisbon", "Europe/Lisbon", LUNCH, "2026-10-26", "2026-10-25"),
    )
}
LOADED = {name: Calendar.from_data(data) for name, data in CALENDARS.items()}
TURNS = [datetime.fromisoformat(one["holidays"][0]).replace(tzinfo=UTC)
         for one in CALENDARS.values()]  # fmt: skip
RESTS = {
    Target.FIRST_RESPONSE: {"resolved"},
    Target.NEXT_RESPONSE: {"resolved", "pending"},
    Target.RESOLUTION: {"resolved", "pending", "on_hold"},
    Target.TIME_TO_ACCEPT: {"resolved", "pending", "on_hold"},
    Target.ASSIGNMENT: {"resolved", "pending", "on_hold"},
}


@dataclass
class Ticket:
    """As much of a ticket as clocks care about, and the life of each clock for the oracle."""

    now: datetime
    hours: str
    priority: Priority
    status: str = "open"
    clocks: tuple[sla.Clock, ...] = ()
    lives: dict[Target, Life] = field(default_factory=lambda: {one: Life() for one in Target})

    def __post_init__(self) -> None:
        calendar = LOADED[self.hours]
        started = sla.start(STANDARD, self.priority, 1, self.now, calendar)
        within = STANDARD.within(self.priority, Target.NEXT_RESPONSE, 1)
        self.clocks = sla.begin(started, Target.NEXT_RESPONSE, within, self.now, calendar)
        self.note()

    def note(self) -> None:
        for kind, life in self.lives.items():
            rests = self.status in RESTS[kind]
            life.turn(self.now, None if rests else CALENDARS[self.hours])

    def suffer(self, event: str) -> None:
        what, value = event.split("/")
        getattr(self, f"_{what}")(value)
        self.note()

    def _status(self, status: str) -> None:
        """As a requester resolves and reopens: only the resolution is met, the others rest."""
        before, self.status = self.status, status
        if before == "resolved" != status:
            self.clocks = sla.reopen(self.clocks, self.now, LOADED[self.hours])
            self._priority(self.priority)
        if status == "resolved" != before:
            self.clocks = sla.meet_all(self.clocks, {Target.RESOLUTION}, self.now)
        self.clocks = sla.pause_for(Status(status), self.clocks, self.now, LOADED[self.hours])

    def _priority(self, priority: str) -> None:
        self.priority = Priority(priority)
        self.clocks = sla.judge(self.clocks, self.now)
        self.clocks = sla.retarget(self.clocks, STANDARD, self.priority, 1)

    def _hours(self, name: str) -> None:
        self.hours = name
        self.clocks = sla.recalendar(self.clocks, LOADED[name], self.now)

    def sweep(self) -> list[str]:
        steps = steps_due(self.clocks, STANDARD, self.now)
        for step in steps:
            self.clocks = take(self.clocks, step)
        return [f"{step.target}/{step.name}" for step in steps]


statuses = st.sampled_from(["open", "pending", "on_hold", "resolved"]).map("status/{}".format)
shorter = st.sampled_from([Priority.P1, Priority.P2, Priority.P3])  # the oracle is slow
priorities = shorter.map("priority/{}".format)
hours = st.sampled_from(sorted(CALENDARS)).map("hours/{}".format)
gaps = st.one_of(
    st.integers(0, 3 * 3600), st.integers(0, 60), st.integers(0, 2 * 24 * 3600)
).map(lambda seconds: timedelta(seconds=seconds))  # fmt: skip

tickets = st.builds(
    Ticket,
    now=st.builds(lambda turn, gap: turn - gap, st.sampled_from(TURNS), gaps),
    hours=st.sampled_from(sorted(CALENDARS)),
    priority=shorter,
)
anything = st.lists(st.tuples(gaps, st.one_of(statuses, priorities, hours)), max_size=8)
no_new_targets = st.lists(st.tuples(gaps, st.one_of(statuses, hours)), max_size=6)


def lived(ticket: Ticket, events: list[tuple[timedelta, str]], end: timedelta) -> Ticket:
    for gap, event in events:
        ticket.now += gap
        ticket.suffer(event)
    ticket.now += end
    return ticket


@settings(deadline=None, max_examples=150)
@given(tickets, anything, gaps)
def test_used_time_is_what_a_slow_walk_counts_whatever_happened_in_whatever_order(
    ticket, events, end
):
    lived(ticket, events, end)
    for clock in ticket.clocks:
        expected = ticket.lives[clock.kind].used(ticket.now)
        assert sla.used_seconds(clock, ticket.now) == expected.total_seconds()


@settings(deadline=None, max_examples=100)
@given(tickets, anything, gaps)
def test_a_deadline_is_where_a_slow_walk_ends_whatever_happened_in_whatever_order(
    ticket, events, end
):
    lived(ticket, events, end)
    for clock in ticket.clocks:
        within = STANDARD.within(ticket.priority, clock.kind, 1)
        if within is None or ticket.status in RESTS[clock.kind]:
            assert sla.due_at(clock) is None
        else:
            amount = timedelta(seconds=within)
            found = ticket.lives[clock.kind].reaches(amount, ticket.now + YEAR)
            assert sla.due_at(clock) == found


@settings(deadline=None)
@given(tickets, anything, gaps)
def test_clocks_survive_being_stored_whatever_happened_to_them(ticket, events, end):
    lived(ticket, events, end)
    known = {one.ref: one for one in LOADED.values()}
    again = [clock_from_data(clock_to_data(one), known.__getitem__) for one in ticket.clocks]
    assert again == list(ticket.clocks)


@settings(deadline=None)
@given(
    tickets,
    st.lists(st.tuples(gaps, st.sampled_from(["pending", "on_hold"]), gaps), max_size=5),
)
def test_working_time_in_which_a_ticket_rested_is_given_back_whole(ticket, rests):
    """The deadline moves by what the rest took: as much working time as lies between."""
    for gap, status, rest in rests:
        ticket.now += gap
        left = next(one for one in ticket.clocks if one.kind is Target.RESOLUTION)
        before = sla.used_seconds(left, ticket.now)
        ticket.suffer(f"status/{status}")
        ticket.now += rest
        ticket.suffer("status/open")
        back = next(one for one in ticket.clocks if one.kind is Target.RESOLUTION)
        assert sla.used_seconds(back, ticket.now) == before
        fresh = replace(back, segments=(sla.Segment(ticket.now, LOADED[ticket.hours]),))
        rest_of = replace(fresh, within=back.within - before) if before <= back.within else None
        assert rest_of is None or sla.due_at(back) == sla.due_at(rest_of)


@settings(deadline=None)
@given(tickets, no_new_targets)
def test_a_breach_is_at_the_instant_at_which_a_slow_walk_uses_the_target_up(ticket, events):
    lived(ticket, [*events, (20 * DAY, "status/open")], DAY).sweep()
    for clock in ticket.clocks:
        within = STANDARD.within(ticket.priority, clock.kind, 1)
        amount = timedelta(seconds=within or 10**9)
        assert clock.breached_at == ticket.lives[clock.kind].reaches(amount, ticket.now)


def swept(
    ticket: Ticket, events: list[tuple[timedelta, str]], sweeps: list[tuple[int, timedelta]]
) -> tuple[list[str], Ticket, list[str]]:
    """The steps that a desk took which sweeps at these instants between the events, each time
    twice; and another desk with the same ticket that sweeps only when all is over, with its steps.
    """
    other, taken = Ticket(ticket.now, ticket.hours, ticket.priority), []
    for place, (gap, event) in enumerate([*events, (20 * DAY, "status/open")]):
        until = ticket.now + gap
        for at in sorted(ticket.now + one for before, one in sweeps if before == place):
            ticket.now = min(at, until)
            taken += ticket.sweep() + ticket.sweep()
        ticket.now = other.now = until
        ticket.suffer(event)
        other.suffer(event)
    return taken + ticket.sweep() + ticket.sweep(), other, other.sweep()


sweeps = st.lists(st.tuples(st.integers(0, 6), gaps), max_size=12)


@settings(deadline=None)
@given(tickets, no_new_targets, sweeps)
def test_however_the_sweeps_fall_the_same_steps_are_taken_each_once(ticket, events, sweeps):
    taken, other, at_once = swept(ticket, events, sweeps)
    assert len(taken) == len(set(taken))
    assert set(taken) | breaches_told_by(ticket) == set(at_once) | breaches_told_by(other)


@settings(deadline=None)
@given(tickets, anything, sweeps)
def test_however_the_sweeps_fall_the_same_breaches_show_at_the_same_instants(
    ticket, events, sweeps
):
    """Also when a change of priority moves a deadline that passed before any sweep looked."""
    _, other, _ = swept(ticket, events, sweeps)
    assert [one.breached_at for one in ticket.clocks] == [one.breached_at for one in other.clocks]


def breaches_told_by(ticket: Ticket) -> set[str]:
    """Breaches show also when a clock is stopped; they count as told then."""
    return {f"{one.kind}/breached" for one in ticket.clocks if one.breached_at}


@settings(deadline=None, max_examples=50)
@given(tickets, no_new_targets, st.lists(gaps, min_size=1, max_size=6))
def test_no_step_is_taken_before_its_share_of_time_was_used(ticket, events, sweeps):
    lived(ticket, events, timedelta())
    shares = {"warned-50": 0.5, "warned-75": 0.75, "warned-90": 0.9, "breached": 1, "ladder-0": 1}
    for gap in sweeps:
        ticket.now += gap
        for name in ticket.sweep():
            kind, step = name.split("/")
            within = STANDARD.within(ticket.priority, Target(kind), 1)
            needed = shares.get(step, 0) * within or within + int(step.partition("-")[2])
            assert ticket.lives[Target(kind)].used(ticket.now).total_seconds() >= needed
