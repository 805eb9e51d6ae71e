"""Nobody answers in time: the clock moves a ticket up, and does each step once."""

from tests.e2e.calls import API, Caller
from tests.e2e.local_desk import LocalDesk
from tests.e2e.waiting import eventually

MINUTE = 60
URGENT = {"impact": "high", "urgency": "high"}
BEFORE_THE_MOVE = ["sla_warned", "sla_warned", "sla_warned", "sla_breached", "escalated"]


def steps_of(who: Caller, number: str, target: str) -> list[str]:
    """What the clock of one target did to a ticket, in order."""
    return [one["kind"] for one in who.timeline(number) if one["data"].get("target") == target]


def test_an_unanswered_ticket_escalates_to_tier_2_once(desk: LocalDesk) -> None:
    ana, chi = desk.call("ana"), desk.person("chi")
    number = ana.open_ticket(**URGENT)["id"]
    eventually(lambda: "assigned" in ana.kinds(number))
    desk.move_clock(minutes=16 * MINUTE)
    assert steps_of(ana, number, "first_response") == BEFORE_THE_MOVE
    assert steps_of(ana, number, "time_to_accept") == ["sla_breached"]
    moved = next(one for one in ana.timeline(number) if one["kind"] == "escalated")
    assert (moved["data"]["from_tier"], moved["data"]["tier"]) == (1, 2)
    taken_up = eventually(lambda: ana.get(f"{API}/tickets/{number}").json()["assignee"])
    assert taken_up["name"] == chi["name"]

    written = ana.timeline(number)
    desk.move_clock(seconds=90)
    desk.move_clock(seconds=0)
    assert ana.timeline(number) == written
    assert ana.get(f"{API}/tickets/{number}").json()["tier"] == 2


def test_an_answered_ticket_does_not_escalate(desk: LocalDesk) -> None:
    ana = desk.call("ana")
    number = ana.open_ticket(**URGENT)["id"]
    ana.post(f"{API}/tickets/{number}/replies", {"body": "We are looking into it."})
    desk.move_clock(minutes=16 * MINUTE)
    assert "escalated" not in ana.kinds(number)
    assert ana.get(f"{API}/tickets/{number}").json()["tier"] == 1


def test_a_clock_cannot_be_moved_back(desk: LocalDesk) -> None:
    before = desk.call().get("/_local/clock").json()["offset_seconds"]
    assert desk.call().post("/_local/clock", {"advance_seconds": -60}).status == 422
    assert desk.call().get("/_local/clock").json()["offset_seconds"] == before
