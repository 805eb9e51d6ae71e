"""Five hundred tickets at once on three tiers while people come and go: each is somebody's once."""

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import cycle
from threading import Event
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest

from bench.drills import staffing_story
from chalicelib.domain.calendar_checks import WEEKDAYS
from chalicelib.domain.vocabulary import Priority, Status
from chalicelib.domain.workload import has_room, weight_of
from tests.e2e.calls import API, Caller, new_ticket
from tests.e2e.conftest import MakeDesk
from tests.e2e.local_desk import LocalDesk
from tests.e2e.waiting import eventually

MANY, AT_ONCE = 500, 6
TAGS = {1: [], 2: ["specialists"], 3: ["engineering"]}
# By the hour of the day at which the desk is when it begins: eight in the morning, in UTC.
SHIFTS = {"night": ["00:00", "09:00"], "early": ["07:00", "16:00"], "late": ["08:30", "17:30"]}
CAPACITY = {1: 90, 2: 40, 3: 30}
STAFFING = {"tier1", "tier2", "tier3", "staffing"}
HAVE_NO_TARGET = {"resolution": 10**7}

Data = dict[str, Any]


@pytest.fixture(scope="module")
def own_desk(make_desk: MakeDesk) -> Iterator[LocalDesk]:
    """Three sites with three tiers; no clock moves tickets, for that is another story."""
    made = make_desk("empty")
    furnish(made)
    yield made
    made.close()


def furnish(desk: LocalDesk) -> None:
    ada = desk.call("ada")
    until_eight = timedelta(hours=8, days=1) - time_of_day(desk)
    desk.move_clock(seconds=until_eight.total_seconds())
    policy = {"name": "Standard", "targets": dict.fromkeys(Priority, HAVE_NO_TARGET)}
    done = [ada.put(f"{API}/sla-policies/standard", policy)]
    for name, hours in SHIFTS.items():
        days = {day: [hours] for day in WEEKDAYS}
        calendar = {"id": name, "name": name, "zone": "UTC", "weekly": days}
        done.append(ada.post(f"{API}/calendars", calendar))
        done += [ada.post(f"{API}/people", an_agent(name, tier)) for tier in TAGS]
    for tier in (2, 3):
        rule = {"name": TAGS[tier][0], "conditions": {"tag": TAGS[tier]}, "tier": tier}
        done.append(ada.post(f"{API}/routing-rules", rule))
    assert [one for one in done if one.status not in (200, 201)] == []
    for name in ("ana", "ben", "chi", "dev"):
        me = desk.call(name).get(f"{API}/people/me").json()
        assert ada.send("DELETE", f"{API}/people/{me['id']}", None).status == 204


def an_agent(shift: str, tier: int) -> Data:
    return {
        "name": f"{shift} {tier}", "email": f"{shift}.{tier}@desk.example", "role": "agent",
        "tiers": [tier], "shift": shift, "capacity": CAPACITY[tier],
    }  # fmt: skip


def time_of_day(desk: LocalDesk) -> timedelta:
    now = datetime.fromisoformat(desk.call().get("/_local/clock").json()["now"]).astimezone(UTC)
    return now - now.replace(hour=0, minute=0, second=0, microsecond=0)


@pytest.mark.exhaustive  # tests/integration/test_burst.py asks the same of fewer
def test_five_hundred_tickets_at_once_are_each_somebodys_once_or_seen_to_wait(
    own_desk: LocalDesk,
) -> None:
    ada = own_desk.call("ada")
    opened, done = Event(), Counter[str]()
    with ThreadPoolExecutor(AT_ONCE + 2) as threads:
        restless = threads.submit(come_and_go, ada, opened, done)
        hours = threads.submit(pass_hours, own_desk, opened, done)
        numbers = list(threads.map(partial(open_ticket, ada), range(MANY)))
        opened.set()
        assert restless.result() is None and hours.result() is None
    settle(own_desk, ada)
    solve_some(ada)
    settle(own_desk, ada)
    assert done["availability"] > 3 and done["hours"] == 2

    tickets = all_tickets(ada)
    assert sorted(one["id"] for one in tickets) == sorted(numbers)
    people = ada.get(f"{API}/people").json()["items"]
    assert_each_has_one_place(tickets)
    assert_nobody_has_too_much(tickets, people)
    assert_each_step_is_told_once_and_why(ada, tickets)
    counted = own_desk.shell("-m", "chalicelib.cli", "people", "recount", "--json")
    rows = json.loads(counted.stdout)
    assert len(rows) == len(people)
    assert [one for one in rows if one["before"] != one["truth"]] == []


def open_ticket(caller: Caller, number: int) -> str:
    tier = number % 10
    body = new_ticket(
        subject=f"Number {number}",
        tags=TAGS[3 if tier == 9 else 2 if tier > 6 else 1],
        impact="high" if number % 8 == 0 else "medium",
        urgency="high" if number % 4 == 0 else "medium",
        requester={"email": f"r{number % 50}@market.example"},
    )
    got = caller.post(f"{API}/tickets", body, Idempotency_Key=f"burst-{number}")
    assert got.status == 201, got.text
    return str(got.json()["id"])


def come_and_go(caller: Caller, enough: Event, done: Counter[str]) -> None:
    """One after the other is busy, and the one before is there again."""
    people = [one for one in caller.get(f"{API}/people").json()["items"] if one["tiers"]]
    before = people[-1]
    for one in cycle(people):
        for who, status in ((before, "available"), (one, "busy")):
            got = caller.put(f"{API}/people/{who['id']}/availability", {"status": status})
            assert got.status == 200, got.text
        before, done["availability"] = one, done["availability"] + 1
        if enough.wait(1):
            caller.put(f"{API}/people/{one['id']}/availability", {"status": "available"})
            return


def pass_hours(desk: LocalDesk, enough: Event, done: Counter[str]) -> None:
    """In steps: the late shift comes, then the night shift goes home."""
    for minutes in (35, 30):
        enough.wait(4)
        moved = desk.call().post("/_local/clock", {"advance_seconds": minutes * 60})
        assert moved.status == 200
        done["hours"] += 1


def solve_some(caller: Caller) -> None:
    """What waits takes the places that come free."""
    held = [one for one in all_tickets(caller) if one["assignee"]]
    for one in held[::12]:
        path = f"{API}/tickets/{one['id']}"
        seen = f'"{one["version"]}"'
        got = caller.put(f"{path}/resolution", {"summary": "Done."}, If_Match=seen)
        assert got.status == 200, got.text


def settle(desk: LocalDesk, caller: Caller) -> None:
    """Everything is given out that can be; the mails about it may take as long as they like."""
    eventually(lambda: is_settled(desk, caller) and is_settled(desk, caller), within=120)


def is_settled(desk: LocalDesk, caller: Caller) -> bool:
    rows = desk.call().get("/_local/queues").json()["items"]
    assert not [one for one in rows if one["dead_letters"]]
    if any(one["depth"] + one["in_flight"] for one in rows if one["name"] in STAFFING):
        return False
    open_ones = [one for one in all_tickets(caller) if one["status"] != "resolved"]
    people = caller.get(f"{API}/people").json()["items"]
    placed = all(one["assignee"] or one["unstaffed_since"] for one in open_ones)
    return placed and not any(could_be_given(tier, open_ones, people) for tier in TAGS)


def could_be_given(tier: int, tickets: list[Data], people: list[Data]) -> bool:
    """Whether anybody of a tier has room for the most urgent of what waits there."""
    waiting = [one["priority"] for one in tickets if not one["assignee"] and one["tier"] == tier]
    weights = [weight_of(Status.NEW, Priority(one)) for one in sorted(waiting)[:1]]
    there = [one for one in people if one["tiers"] == [tier] and one["on_shift"]]
    return any(
        has_room(one["load"], one["capacity"], weight)
        for one in there for weight in weights if one["availability"] == "available"
    )  # fmt: skip


def all_tickets(caller: Caller) -> list[Data]:
    """Every ticket there is, page by page."""
    found: list[Data] = []
    for statuses in ("new,open,pending,on_hold", "resolved"):
        path, after = f"{API}/tickets?status={statuses}&limit=100", ""
        while after is not None:
            page = caller.get(path + after).json()
            found += page["items"]
            after = page["next"] and f"&cursor={quote(page['next'])}"
    return found


def assert_each_has_one_place(tickets: list[Data]) -> None:
    open_ones = [one for one in tickets if one["status"] != "resolved"]
    owned = [one for one in open_ones if one["assignee"]]
    waiting = [one for one in open_ones if one["unstaffed_since"]]
    assert sorted(one["id"] for one in owned + waiting) == sorted(one["id"] for one in open_ones)
    assert len(owned) > MANY / 3
    assert {one["tier"] for one in owned} == {1, 2, 3}


def assert_nobody_has_too_much(tickets: list[Data], people: list[Data]) -> None:
    loads = Counter[str]()
    for one in tickets:
        if one["assignee"]:
            weight = weight_of(Status(one["status"]), Priority(one["priority"]))
            loads[one["assignee"]["id"]] += weight
    assert {one["id"]: one["load"] for one in people if one["load"]} == +loads
    assert [one for one in people if one["load"] > one["capacity"]] == []


def assert_each_step_is_told_once_and_why(caller: Caller, tickets: list[Data]) -> None:
    def remarks(ticket: Data) -> list[staffing_story.Remark]:
        entries = [SimpleNamespace(**one) for one in caller.timeline(ticket["id"])]
        owner = ticket["assignee"] and ticket["assignee"]["id"]
        return list(staffing_story.told(ticket["id"], entries, owner))

    with ThreadPoolExecutor(AT_ONCE) as threads:
        found = [one for some in threads.map(remarks, tickets) for one in some]
    assert not [one for one in found if one.wrong]
    assert sum(one.check == staffing_story.EXPLAINED for one in found) > MANY / 2
