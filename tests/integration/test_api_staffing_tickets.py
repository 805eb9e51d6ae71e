"""Tickets over the API that go elsewhere or are watched; and what queues say of staff."""

import pytest

from tests.cast import ADA, ANA, BEN, CHI, DEV, LEA, MONDAY_9, ROSA
from tests.factories import employ
from tests.integration.api import Api, a_request
from tests.integration.outsiders import FIA, outsider, pointers
from tests.integration.whole_desk import run

pytestmark = pytest.mark.usefixtures("cloud")

NIGHTS = {"name": "Nights", "tier": 2, "zone": "UTC", "people": [CHI.id, DEV.id],
          "starts": "2026-11-23"}  # fmt: skip


@pytest.fixture
def ana() -> Api:
    api = Api(ANA)
    employ(BEN, CHI, DEV, LEA)
    return api


def a_ticket(api: Api, **fields):
    return api.post("/tickets", a_request(**fields))


def path_of(ticket) -> str:
    return f"/tickets/{ticket.json['id']}"


# Transfers.


def test_a_ticket_goes_to_a_person_a_tier_and_a_team_with_a_note(ana):
    ada, opened = Api(ADA), a_ticket(ana)
    ada.post("/teams", {"name": "Network"})
    path = f"{path_of(opened)}/transfer"
    to_ben = ana.put(path, {"person": BEN.id, "note": "You know it."}, If_Match=opened.etag)
    assert (to_ben.status, to_ben.json["assignee"]["id"]) == (200, BEN.id)
    up = ana.put(path, {"tier": 2}, If_Match=to_ben.etag)
    assert (up.json["tier"], up.json["assignee"]) == (2, None)
    team = ana.put(path, {"team": "network"}, If_Match=up.etag)
    assert team.json["team"] == "network"
    mine = ana.put(path, {"person": "me"}, If_Match=team.etag)
    assert mine.json["assignee"]["id"] == ANA.id
    entries = ana.get(f"{path_of(opened)}/timeline").json["items"]
    assert "You know it." in [one["data"].get("note") for one in entries]
    assert ana.put(path, {"team": "network"}, If_Match=mine.etag).status == 409


def test_a_transfer_needs_the_version_that_was_seen(ana):
    path = f"{path_of(a_ticket(ana))}/transfer"
    assert ana.put(path, {"tier": 2}).status == 428
    assert ana.put(path, {"tier": 2}, If_Match='"9"').status == 412


@pytest.mark.parametrize(
    ("goal", "pointer"),
    [
        ({"note": "x"}, ""),
        ({"person": BEN.id, "tier": 2}, ""),
        ({"person": "P-NOBODY"}, "/person"),
        ({"person": ROSA.id}, "/person"),
        ({"person": ""}, "/person"),
        ({"team": "nowhere"}, "/team"),
        ({"team": ""}, "/team"),
        ({"tier": 4}, "/tier"),
        ({"tier": 0}, "/tier"),
        ({"tier": "2"}, "/tier"),
        ({"tier": 2, "note": "x" * 2001}, "/note"),
        ({"tier": 2, "shelf": 1}, "/shelf"),
    ],
)
def test_a_place_that_there_is_not_is_refused_at_its_field(ana, goal, pointer):
    Api(ROSA)
    opened = a_ticket(ana)
    one = ana.put(f"{path_of(opened)}/transfer", goal, If_Match=opened.etag)
    many = ana.post("/ticket-transfers", {"tickets": [opened.json["id"]], **goal})
    assert pointers(one) == pointers(many) == [pointer]
    assert ana.get(path_of(opened)).etag == opened.etag


def test_many_go_each_by_itself(ana):
    first, second = (a_ticket(ana).json["id"] for _ in range(2))
    asked = {"tickets": [first, "HD-NOTHERE", second, first], "tier": 2, "note": "Too hard."}
    answer = ana.post("/ticket-transfers", asked)
    assert (answer.status, answer.json["next"]) == (200, None)
    found = answer.json["items"]
    assert [(one["id"], one["ok"]) for one in found] == [
        (first, True), ("HD-NOTHERE", False), (second, True),
    ]  # fmt: skip
    assert found[0]["problem"] is None
    assert found[1]["problem"] == "There is no such ticket."
    assert [ana.get(f"/tickets/{one}").json["tier"] for one in (first, second)] == [2, 2]


@pytest.mark.parametrize(
    ("tickets", "pointer"), [([], "/tickets"), (["HD-X"] * 51, "/tickets"), ("HD-X", "/tickets"),
                             ([5], "/tickets/0")],
)  # fmt: skip
def test_one_to_fifty_tickets_go_at_once(ana, tickets, pointer):
    assert pointers(ana.post("/ticket-transfers", {"tickets": tickets, "tier": 2})) == [pointer]


# Watching.


def test_watching_twice_is_watching_once(ana):
    opened = a_ticket(ana)
    path = f"{path_of(opened)}/watch"
    first, again = ana.put(path, {}), ana.put(path, {})
    assert first.json["watchers"] == again.json["watchers"] == [ANA.id]
    assert first.etag == again.etag
    assert Api(LEA).put(path, {}).json["watchers"] == [ANA.id, LEA.id]
    assert ana.delete(path).json["watchers"] == [LEA.id]
    assert ana.delete(path).status == 200


# Queues and tickets.


def test_queues_say_who_is_missing_and_who_is_on_call(ana):
    employ(CHI, availability="away", away_until=None)
    Api(ADA).post("/on-call", NIGHTS)
    Api(ADA).put("/routing-rules/default", {"name": "All", "tier": 2})
    opened = a_ticket(ana)
    run(MONDAY_9)
    second = ana.get("/queues").json["items"][1]
    assert (second["unstaffed"], second["agents_eligible"]) == (1, 0)
    assert second["unstaffed_since"] == "2026-11-23T09:00:00.000Z"
    assert second["expected_at"] is None
    assert second["on_call"] == [{"id": CHI.id, "name": CHI.name}]
    found = ana.get("/tickets?unstaffed=true").json["items"]
    assert [one["id"] for one in found] == [opened.json["id"]]
    assert ana.get("/queues").json["items"][0]["on_call"] == []


def test_a_requester_reads_nothing_of_who_works_how(ana):
    ticket = a_ticket(ana)
    ana.put(f"{path_of(ticket)}/watch", {})
    run(MONDAY_9)
    seen = Api(ROSA).get(path_of(ticket)).json
    hidden = {"watchers": [], "skills": {}, "accept_by": None, "page": None, "team": None}
    assert {name: seen[name] for name in hidden} == hidden
    assert ana.get(path_of(ticket)).json["accept_by"]


# Who may.


def test_a_requester_may_do_none_of_it(ana):
    opened, rosa = a_ticket(ana), Api(ROSA)
    path = path_of(opened)
    tried = [
        rosa.put(f"{path}/transfer", {"tier": 2}, If_Match=opened.etag),
        rosa.post("/ticket-transfers", {"tickets": [opened.json["id"]], "tier": 2}),
        rosa.put(f"{path}/watch", {}),
        rosa.delete(f"{path}/watch"),
        rosa.put(f"{path}/acknowledgement", {}, If_Match=opened.etag),
        rosa.get("/queues"),
    ]
    assert [one.status for one in tried] == [403] * 6


def test_an_outside_group_sees_the_tickets_of_its_team_and_nothing_else(ana):
    fia = outsider()
    theirs, other = a_ticket(ana), a_ticket(ana)
    ana.put(f"{path_of(theirs)}/transfer", {"team": "field"}, If_Match=theirs.etag)
    found = fia.get("/tickets").json["items"]
    assert [one["id"] for one in found] == [theirs.json["id"]]
    path = path_of(theirs)
    mine = fia.put(f"{path}/transfer", {"person": "me"}, If_Match=fia.get(path).etag)
    assert mine.json["assignee"]["id"] == FIA.id
    assert fia.put(f"{path_of(other)}/watch", {}).status == 404
    moved = fia.post("/ticket-transfers", {"tickets": [other.json["id"]], "tier": 2})
    assert moved.json["items"][0]["problem"] == "There is no such ticket."
    closed = ("/queues", "/people", "/teams", "/teams/field", "/routing-rules", "/on-call",
              "/on-call-now", "/sla-policies", "/calendars", "/branches",
              "/attainment?month=2026-11", "/jobs")  # fmt: skip
    assert [fia.get(one).status for one in closed] == [403] * len(closed)
