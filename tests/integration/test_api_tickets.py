"""The tickets API through the real app: shapes, preconditions, keys, lists and sight."""

import pytest

from chalicelib.services import settings
from tests.cast import ANA, BEN, LEA, OMAR, ROSA
from tests.integration.api import Api, a_request

pytestmark = pytest.mark.usefixtures("cloud")

TICKET_KEYS = {
    "id", "url", "subject", "description", "type", "status", "priority", "impact", "urgency",
    "tier", "team", "category", "branch", "tags", "channel", "requester", "assignee",
    "created_at", "updated_at", "resolved_at", "closed_at", "version", "sla", "alerts",
}  # fmt: skip


@pytest.fixture
def ana() -> Api:
    return Api(ANA)


def test_a_created_ticket_has_the_contracts_shape(ana):
    answer = ana.post("/tickets", a_request(impact="high", urgency="high"))
    assert answer.status == 201
    assert set(answer.json) >= TICKET_KEYS
    assert answer.json["priority"] == "P1"
    assert answer.json["description"] == "Since nine."
    assert answer.headers["Location"].endswith(f"/api/v1/tickets/{answer.json['id']}")
    assert answer.etag == '"1"'
    kinds = [target["kind"] for target in answer.json["sla"]["targets"]]
    assert kinds == ["first_response", "resolution", "time_to_accept"]


def test_what_was_created_can_be_read(ana):
    made = ana.post("/tickets", a_request()).json
    read = ana.get(f"/tickets/{made['id']}")
    assert read.status == 200
    unchanged = {k: v for k, v in made.items() if k != "sla"}
    assert {k: v for k, v in read.json.items() if k != "sla"} == unchanged


def test_a_key_replays_the_first_answer(ana):
    first = ana.post("/tickets", a_request(), Idempotency_Key="k1")
    again = ana.post("/tickets", a_request(), Idempotency_Key="k1")
    assert (again.status, again.json) == (201, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.etag == first.etag
    assert "Idempotency-Replayed" not in first.headers


def test_a_key_with_another_body_is_422(ana):
    ana.post("/tickets", a_request(), Idempotency_Key="k1")
    assert ana.post("/tickets", a_request(subject="Other"), Idempotency_Key="k1").status == 422


def test_keys_of_two_people_do_not_meet(ana):
    ana.post("/tickets", a_request(), Idempotency_Key="k1")
    other = Api(BEN).post("/tickets", a_request(), Idempotency_Key="k1")
    assert "Idempotency-Replayed" not in other.headers


def test_a_keyed_reply_is_said_once(ana):
    ticket = ana.post("/tickets", a_request()).json["id"]
    first = ana.post(f"/tickets/{ticket}/replies", {"body": "On it."}, Idempotency_Key="r")
    again = ana.post(f"/tickets/{ticket}/replies", {"body": "On it."}, Idempotency_Key="r")
    assert again.json == first.json
    kinds = [entry["kind"] for entry in ana.get(f"/tickets/{ticket}/timeline").json["items"]]
    assert kinds == ["opened", "reply"]


def test_a_change_needs_the_version_that_was_read(ana):
    made = ana.post("/tickets", a_request())
    path = f"/tickets/{made.json['id']}"
    assert ana.patch(path, {"subject": "New"}).status == 428
    assert ana.patch(path, {"subject": "New"}, If_Match=made.etag).status == 200
    stale = ana.patch(path, {"subject": "Newer"}, If_Match=made.etag)
    assert stale.status == 412
    assert stale.etag == '"2"'


def test_a_malformed_etag_never_matches(ana):
    made = ana.post("/tickets", a_request()).json
    assert ana.patch(f"/tickets/{made['id']}", {"subject": "New"}, If_Match="1").status == 412


def test_the_state_nouns_move_a_ticket_through_its_life(ana):
    made = ana.post("/tickets", a_request())
    path = f"/tickets/{made.json['id']}"
    taken = ana.put(f"{path}/assignment", {"assignee": "me"}, If_Match=made.etag)
    assert taken.json["assignee"] == {"id": ANA.id, "name": ANA.name}
    assert taken.json["status"] == "open"
    held = ana.put(f"{path}/hold", {"reason": "requester"}, If_Match=taken.etag)
    assert held.json["status"] == "pending"
    states = {target["kind"]: target["state"] for target in held.json["sla"]["targets"]}
    assert states == {"first_response": "running", "resolution": "paused", "time_to_accept": "met"}
    resumed = ana.delete(f"{path}/hold", If_Match=held.etag)
    assert resumed.json["status"] == "open"
    solved = ana.put(f"{path}/resolution", {"summary": "Restarted."}, If_Match=resumed.etag)
    assert solved.json["status"] == "resolved"
    assert solved.json["resolved_at"]
    reopened = ana.delete(f"{path}/resolution", If_Match=solved.etag)
    assert (reopened.json["status"], reopened.json["resolved_at"]) == ("open", None)
    freed = ana.delete(f"{path}/assignment", If_Match=reopened.etag)
    assert freed.json["assignee"] is None


def test_a_state_noun_without_a_version_is_428(ana):
    ticket = ana.post("/tickets", a_request()).json["id"]
    assert ana.put(f"/tickets/{ticket}/assignment", {"assignee": "me"}).status == 428
    assert ana.delete(f"/tickets/{ticket}/hold").status == 428


def test_escalation_moves_to_the_next_tier_with_what_was_tried(ana):
    ticket = ana.post("/tickets", a_request()).json["id"]
    asked = {"reason": "Needs the network team", "tried": "Restarted the router"}
    answer = ana.post(f"/tickets/{ticket}/escalation", asked)
    assert answer.status == 201
    assert answer.json["data"]["tried"] == "Restarted the router"
    assert ana.get(f"/tickets/{ticket}").json["tier"] == 2


def test_a_requester_sees_their_own_tickets_and_no_others(ana):
    rosa = Api(ROSA)
    own = rosa.post("/tickets", a_request()).json["id"]
    foreign = ana.post("/tickets", a_request(requester={"email": OMAR.email})).json["id"]
    assert rosa.get(f"/tickets/{own}").status == 200
    missing, hidden = rosa.get("/tickets/HD-0000000"), rosa.get(f"/tickets/{foreign}")
    assert (missing.status, hidden.status) == (404, 404)
    assert missing.json["detail"] == hidden.json["detail"]
    assert [ticket["id"] for ticket in rosa.get("/tickets").json["items"]] == [own]


def test_a_requester_reads_no_notes(ana):
    rosa = Api(ROSA)
    own = rosa.post("/tickets", a_request()).json["id"]
    ana.post(f"/tickets/{own}/notes", {"body": "secret"})
    assert b"secret" not in rosa.get(f"/tickets/{own}/timeline").body
    assert rosa.post(f"/tickets/{own}/notes", {"body": "me too"}).status == 403


def test_a_requester_cannot_open_in_another_name():
    asked = a_request(requester={"email": OMAR.email})
    assert Api(ROSA).post("/tickets", asked).status == 403


def test_the_list_is_most_urgent_first_and_filters(ana):
    low = ana.post("/tickets", a_request(impact="low", urgency="low", branch="Lyon")).json["id"]
    high = ana.post("/tickets", a_request(impact="high", urgency="high")).json["id"]
    assert [t["id"] for t in ana.get("/tickets").json["items"]] == [high, low]
    assert [t["id"] for t in ana.get("/tickets?branch=Lyon").json["items"]] == [low]
    assert [t["id"] for t in ana.get("/tickets?priority=P1,P2").json["items"]] == [high]
    assert ana.get("/tickets?tier=2").json["items"] == []
    assert ana.get("/tickets?requester=rosa@shop.example").json["items"][0]["description"]


def test_the_list_by_assignee(ana):
    made = ana.post("/tickets", a_request())
    ana.post("/tickets", a_request())
    path = f"/tickets/{made.json['id']}/assignment"
    ana.put(path, {"assignee": "me"}, If_Match=made.etag)
    assert [t["id"] for t in ana.get("/tickets?assignee=me").json["items"]] == [made.json["id"]]
    assert made.json["id"] not in str(ana.get("/tickets?assignee=none").json)


def test_finished_tickets_come_after_open_ones(ana):
    done = ana.post("/tickets", a_request())
    path = f"/tickets/{done.json['id']}/resolution"
    ana.put(path, {"summary": "Done."}, If_Match=done.etag)
    waiting = ana.post("/tickets", a_request()).json["id"]
    assert [t["id"] for t in ana.get("/tickets").json["items"]] == [waiting, done.json["id"]]
    resolved = ana.get("/tickets?status=resolved").json["items"]
    assert [t["id"] for t in resolved] == [done.json["id"]]


@pytest.mark.parametrize("query", ["", "requester=rosa@shop.example&", "assignee=none&"])
def test_pages_follow_each_other_without_gaps_or_doubles(ana, query):
    made = {ana.post("/tickets", a_request()).json["id"] for _ in range(5)}
    seen, cursor = [], ""
    while True:
        page = ana.get(f"/tickets?{query}limit=2{cursor}").json
        seen += [ticket["id"] for ticket in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert len(seen) == 5
    assert set(seen) == made


def test_the_explanation_shows_what_ran(ana):
    ticket = ana.post("/tickets", a_request()).json["id"]
    found = ana.get(f"/tickets/{ticket}/sla").json
    assert found["policy"] == "standard"
    assert found["targets"][0]["within_seconds"] == 4 * 3600
    assert len(found["targets"][0]["segments"]) == 1


def test_the_queues_count_what_waits(ana):
    ana.post("/tickets", a_request(impact="high", urgency="high"))
    tier1 = ana.get("/queues").json["items"][0]
    assert (tier1["tier"], tier1["waiting"], tier1["due_within_hour"]) == (1, 1, 1)
    assert (tier1["agents_eligible"], tier1["name"]) == (1, "Tier 1")
    settings.put(settings.TIER, "1", {"name": "Front line"})
    assert ana.get("/queues").json["items"][0]["name"] == "Front line"


def test_the_queues_are_not_for_requesters():
    assert Api(ROSA).get("/queues").status == 403


def test_ones_own_profile_and_availability():
    lea = Api(LEA)
    assert lea.get("/people/me").json["role"] == "lead"
    away = lea.put("/people/me/availability", {"status": "away"})
    assert away.json["availability"] == "away"


def test_a_keyed_request_is_answered_as_before_even_when_it_would_be_refused_now(ana):
    made = ana.post("/tickets", a_request())
    path = f"/tickets/{made.json['id']}/replies"
    sent = {"Idempotency_Key": "r", "If_Match": made.etag}
    first = ana.post(path, {"body": "Fixed.", "status": "resolved"}, **sent)
    again = ana.post(path, {"body": "Fixed.", "status": "resolved"}, **sent)
    assert (first.status, again.status) == (201, 201)
    assert again.json == first.json
