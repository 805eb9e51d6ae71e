"""The examples of docs/sla.md, played through the services and the sweep."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from chalicelib.domain.people import SYSTEM
from chalicelib.domain.vocabulary import HoldReason, Level, Target
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import (
    conversations,
    deadlines,
    escalations,
    ownership,
    recompute,
    settings,
    sla_settings,
    tickets,
    views,
)
from tests.cast import ANA, MONDAY_9, ROSA
from tests.factories import a_ticket, employ_everyone, now_of
from tests.integration import sla_page
from tests.integration.lambdas import sweep

pytestmark = pytest.mark.usefixtures("cloud")

H, M, L = Level.HIGH, Level.MEDIUM, Level.LOW
LEVELS = {"P1": (H, H), "P2": (H, M), "P3": (M, M), "P4": (M, L), "P5": (L, L)}
KINDS = {"first answer": "first_response", "next answer": "next_response",
         "solution": "resolution", "acceptance": "time_to_accept"}  # fmt: skip
TOLD = {"the lead": "lead", "the managers": "manager"}
STORIES = sla_page.stories()


@dataclass
class Scene:
    """The ticket that an example is about; a late reply may put another in its place."""

    ticket: Ticket
    first_id: str

    @property
    def id(self) -> str:
        return str(self.ticket.ticket_id)


def opened(scene: Scene, at: datetime, priority: str, branch: str | None = None) -> None:
    impact, urgency = LEVELS[priority]
    scene.ticket = a_ticket(now=at, impact=impact, urgency=urgency, branch=branch)
    scene.first_id = scene.id


def requester_writes(scene: Scene, at: datetime) -> None:
    scene.ticket, _ = conversations.reply(scene.id, "And?", ROSA, at)


def becomes(scene: Scene, at: datetime, priority: str) -> None:
    impact, urgency = LEVELS[priority]
    fields = {"impact": impact.value, "urgency": urgency.value}
    tickets.change(scene.id, fields, ANA, at)


def closes_early(scene: Scene, at: datetime, until: str) -> None:
    (data,) = sla_page.definitions("calendar")
    weekly = {day: [["09:00", "12:30"], ["13:30", until]] for day in data["weekly"]}
    sla_settings.put_calendar({**data, "weekly": weekly}, SYSTEM, at)
    assert recompute.recompute(scene.id, "the hours", at)


def dated(scene: Scene, at: datetime, what: str, due: str) -> None:
    target = Target(KINDS[what])
    deadlines.set_due_date(scene.id, target, sla_page.instant(due), "promised", ANA, at)


HAPPENINGS: dict[str, Callable[..., Any]] = {
    r"a (P\d) request comes in(?: from (\w+))?": opened,
    r"an agent replies": lambda s, at: conversations.reply(s.id, "On it.", ANA, at),
    r"an agent writes a note": lambda s, at: conversations.note(s.id, "Odd.", ANA, at),
    r"an agent logs a call": lambda s, at: conversations.log_call(s.id, "Spoke.", ANA, at),
    r"an agent waits for the requester": lambda s, at: tickets.hold(
        s.id, HoldReason.REQUESTER, None, ANA, at
    ),
    r"an agent takes it": lambda s, at: ownership.assign(s.id, "me", ANA, at),
    r"an agent escalates it": lambda s, at: escalations.escalate(
        s.id, "Too hard", "All", None, ANA, at
    ),
    r"an agent gives it back": lambda s, at: escalations.de_escalate(s.id, "Easy", None, ANA, at),
    r"an agent solves it": lambda s, at: tickets.resolve(s.id, "Done.", None, ANA, at),
    r"an agent sets the (.+?) to (.+)": dated,
    r"an agent takes that date away": lambda s, at: deadlines.set_due_date(
        s.id, Target.RESOLUTION, None, "", ANA, at
    ),
    r"the requester writes": requester_writes,
    r"it becomes (P\d)": becomes,
    r"the office closes at (\d\d:\d\d) from now on": closes_early,
    r"the sweep looks": lambda s, at: sweep(at),
}


def target(scene: Scene, at: datetime, what: str) -> dict[str, Any]:
    view = views.ticket_view(now_of(scene.ticket), at, "")
    return next(one for one in view["sla"]["targets"] if one["kind"] == KINDS[what])


def entries(scene: Scene, kind: str) -> list[dict[str, Any]]:
    return [one.data for one in TimelineEntry.query(scene.id) if one.kind == kind]


def was_told(scene: Scene, whom: str) -> bool:
    return any(one.get("told") == TOLD[whom] for one in entries(scene, "escalated"))


def is_due(scene: Scene, at: datetime, what: str, due: str, by_hand: str | None) -> bool:
    found = target(scene, at, what)
    as_said = f"{sla_page.instant(due):%Y-%m-%dT%H:%M:00.000Z}"
    return found["due_at"] == as_said and bool(found["override"]) == bool(by_hand)


def was_warned(scene: Scene, at: datetime, percent: str, what: str) -> bool:
    step = {"target": KINDS[what], "step": f"warned-{percent}"}
    return sum(step.items() <= one.items() for one in entries(scene, "sla_warned")) == 1


WHAT = f"({'|'.join(KINDS)})"
CLAIMS: dict[str, Callable[..., bool]] = {
    rf"{WHAT} due (.+?)( by hand)?": is_due,
    rf"{WHAT} (running|paused|met|breached)": lambda s, at, what, state: (
        target(s, at, what)["state"] == state
    ),
    r"status (\w+)": lambda s, at, status: now_of(s.ticket).status == status,
    r"tier (\d)": lambda s, at, tier: int(now_of(s.ticket).tier) == int(tier),
    rf"warned at (\d+) % for {WHAT}": was_warned,
    r"(the lead|the managers) told": lambda s, at, whom: was_told(s, whom),
    r"(the lead|the managers) not told": lambda s, at, whom: not was_told(s, whom),
    r"nobody told": lambda s, at: not any(was_told(s, whom) for whom in TOLD),
    r"a linked ticket": lambda s, at: now_of(s.ticket).follows == s.first_id,
}


def matched(table: dict[str, Callable[..., Any]], words: str) -> tuple[Callable[..., Any], Any]:
    for pattern, do in table.items():
        if found := re.fullmatch(pattern, words):
            return do, found.groups()
    raise AssertionError(f"The page says what no test understands: {words}")


@pytest.fixture
def desk() -> None:
    employ_everyone()
    for data in sla_page.definitions("calendar"):
        sla_settings.put_calendar(data, SYSTEM, MONDAY_9)
    office, *others = sla_page.definitions("policy")
    for data in (*others, office):
        sla_settings.put_policy(data, SYSTEM, MONDAY_9)
    sla_settings.order_policies([one["id"] for one in (*others, office)], SYSTEM, MONDAY_9)
    settings.forget()


@pytest.mark.parametrize("story", STORIES, ids=[story[0].happens for story in STORIES])
def test_an_example_holds(desk: None, story: list[sla_page.Line]) -> None:
    scene = Scene(Ticket(), "")
    for line in story:
        do, words = matched(HAPPENINGS, line.happens)
        do(scene, line.at, *(word for word in words if word))
        for claim in line.then:
            holds, values = matched(CLAIMS, claim)
            shown = views.ticket_view(now_of(scene.ticket), line.at, "")["sla"]
            assert holds(scene, line.at, *values), (line, claim, shown)


def test_the_page_has_its_examples() -> None:
    assert len(STORIES) >= 15
