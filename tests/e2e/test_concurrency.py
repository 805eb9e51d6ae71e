"""Many at once on the real emulator: nothing is lost, nothing doubled, nobody overwritten."""

from functools import partial

import pytest

from tests.e2e.calls import API, all_at_once, new_ticket
from tests.e2e.local_desk import LocalDesk
from tests.e2e.waiting import eventually

MANY = 16


def test_one_key_sent_by_many_at_once_makes_one_ticket(desk: LocalDesk) -> None:
    ana, subject = desk.call("ana"), "Sent by many at once"
    body = new_ticket(subject=subject)
    send = partial(ana.post, f"{API}/tickets", body, Idempotency_Key="sent-by-many")
    answers = all_at_once(*[send] * MANY)
    assert {one.status for one in answers} == {201}
    assert len({one.text for one in answers}) == 1
    assert sum("Idempotency-Replayed" not in one.headers for one in answers) == 1
    number = answers[0].json()["id"]
    found = ana.get(f"{API}/tickets?requester={body['requester']['email']}&limit=100").json()
    assert [one["id"] for one in found["items"] if one["subject"] == subject] == [number]
    assert ana.kinds(number).count("opened") == 1


def test_many_replies_at_once_are_all_kept_in_consecutive_versions(desk: LocalDesk) -> None:
    ana = desk.call("ana")
    number = ana.open_ticket()["id"]
    eventually(lambda: "assigned" in ana.kinds(number))
    path, words = f"{API}/tickets/{number}/replies", [f"Reply {one}" for one in range(MANY)]
    answers = all_at_once(*(partial(ana.post, path, {"body": text}) for text in words))
    assert [one.status for one in answers] == [201] * MANY
    versions = sorted(int(one.etag.strip('"')) for one in answers)
    assert versions == list(range(3, 3 + MANY))
    replies = [one for one in ana.timeline(number) if one["kind"] == "reply"]
    assert sorted(one["data"]["body"] for one in replies) == sorted(words)
    assert ana.get(f"{API}/tickets/{number}").etag == f'"{versions[-1]}"'


def test_one_reply_sent_by_many_at_once_under_one_key_is_said_once(desk: LocalDesk) -> None:
    ana = desk.call("ana")
    number = ana.open_ticket()["id"]
    send = partial(ana.post, f"{API}/tickets/{number}/replies", {"body": "Once."})
    answers = all_at_once(*[partial(send, Idempotency_Key="said-once")] * MANY)
    assert {one.status for one in answers} == {201}
    assert ana.kinds(number).count("reply") == 1


@pytest.mark.parametrize("round_", range(3))
def test_two_agents_who_take_the_same_version_of_a_ticket_do_not_both_win(
    desk: LocalDesk, round_: int
) -> None:
    ana = desk.call("ana")
    number = ana.open_ticket()["id"]
    eventually(lambda: "assigned" in ana.kinds(number))
    seen = ana.get(f"{API}/tickets/{number}").etag
    takers = [desk.call(name) for name in ("ben", "chi")]
    take = [
        partial(one.put, f"{API}/tickets/{number}/assignment", {"assignee": "me"}, If_Match=seen)
        for one in takers
    ]
    answers = all_at_once(*take)
    assert sorted(one.status for one in answers) == [200, 412]
    won = next(one for one in answers if one.status == 200)
    now = ana.get(f"{API}/tickets/{number}")
    assert now.json()["assignee"] == won.json()["assignee"]
    assert now.etag == won.etag == next(one for one in answers if one.status == 412).etag
