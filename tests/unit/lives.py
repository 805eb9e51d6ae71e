"""A ticket as clocks see it, under anything that can happen to it, an oracle beside each clock.

The oracle (tests/oracle.py) is told only when a clock ran and by which calendar; the rules of
pausing stand here a second time.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from chalicelib.domain import sla
from chalicelib.domain.calendars import Calendar
from chalicelib.domain.policies import STANDARD
from chalicelib.domain.sla_steps import steps_due, take
from chalicelib.domain.vocabulary import Priority, Status, Target
from tests.oracle import Life

DAY = timedelta(days=1)
LUNCH = [["09:00", "12:30"], ["13:30", "18:00"]]
NIGHT = [["00:00", "03:30"], ["22:15", "24:00"]]


def calendar(name: str, zone: str, hours: list, holiday: str, opening: str) -> dict:
    """Open on weekdays and, by a one-off opening, once at the week-end or on a holiday."""
    return {
        "id": name, "name": name, "version": 1, "zone": zone,
        "weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), hours),
        "holidays": [holiday], "openings": {opening: [["00:00", "04:15"]]},
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
sweeps = st.lists(st.tuples(st.integers(0, 6), gaps), max_size=12)
no_new_targets = st.lists(st.tuples(gaps, st.one_of(statuses, hours)), max_size=6)


def lived(ticket: Ticket, events: list[tuple[timedelta, str]], end: timedelta) -> Ticket:
    for gap, event in events:
        ticket.now += gap
        ticket.suffer(event)
    ticket.now += end
    return ticket


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
