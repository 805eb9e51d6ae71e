"""A program files a request with a token of demo.json, and follows it."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.e2e.calls import API, Answer, Caller, new_ticket
from tests.e2e.local_desk import LocalDesk
from tests.e2e.waiting import eventually

FORM = "application/x-www-form-urlencoded"


def test_a_request_by_api_is_stored_assigned_answered_and_followed(desk: LocalDesk) -> None:
    rosa, ana, email = desk.call("rosa"), desk.call("ana"), desk.person("rosa")["email"]
    opened = rosa.post(f"{API}/tickets", new_ticket(requester={"email": email}))
    number = opened.json()["id"]
    assert (opened.status, opened.etag) == (201, '"1"')
    assert opened.headers["Location"].endswith(f"/{number}")
    eventually(lambda: "assigned" in ana.kinds(number))
    assert ana.post(f"{API}/tickets/{number}/replies", {"body": "Try it now."}).status == 201
    ana.post(f"{API}/tickets/{number}/notes", {"body": "The line was reset."})
    read = rosa.get(f"{API}/tickets/{number}").json()
    assert (read["status"], read["sla"]["targets"][0]["state"]) == ("open", "met")
    assert {"opened", "reply"} <= set(rosa.kinds(number)) and "note" not in rosa.kinds(number)
    assert number in desk.wait_for_mail(email, "Try it now.")["text"]


def test_the_link_in_the_mail_opens_the_request_without_an_account(
    desk: LocalDesk, address: Callable[[str], str]
) -> None:
    email = address("link")
    number = desk.call("ana").open_ticket(requester={"email": email})["id"]
    mail = desk.wait_for_mail(email, number)
    link = next(word for word in mail["text"].split() if f"/requests/{number}?key=" in word)
    assert link.startswith(desk.base_url)
    admitted = press(desk.call(), f"/requests/{number}/pass", key=urlsplit(link).query[4:])
    assert admitted.status == 303, admitted.text
    cookie = admitted.headers["Set-Cookie"].partition(";")[0]
    assert new_ticket()["subject"] in desk.call().get(f"/requests/{number}", Cookie=cookie).text
    assert desk.call().get(f"/requests/{number}").status == 303


def test_the_same_key_and_body_again_replays_the_first_answer(desk: LocalDesk) -> None:
    ana = desk.call("ana")
    first, again = (
        ana.post(f"{API}/tickets", new_ticket(), Idempotency_Key="the-same") for _ in range(2)
    )
    other = ana.post(f"{API}/tickets", new_ticket(subject="Other"), Idempotency_Key="the-same")
    assert (first.status, again.status, other.status) == (201, 201, 422)
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"


def test_somebody_elses_ticket_is_as_unknown_as_one_that_does_not_exist(desk: LocalDesk) -> None:
    number = desk.call("ana").open_ticket()["id"]
    rosa = desk.call("rosa")
    answers = [rosa.get(f"{API}/tickets/{one}") for one in (number, "HD-ZZZZZZZ", "nonsense")]
    assert [one.status for one in answers] == [404, 404, 404]
    assert told(answers[0]) == told(answers[1]) == told(answers[2])


def test_the_work_list_is_read_page_by_page_without_gap_or_double(desk: LocalDesk) -> None:
    seen: list[str] = []
    query = "status=new,open,pending,on_hold&limit=7"
    page = desk.call("lea").get(f"{API}/tickets?{query}").json()
    while page["next"]:
        seen += [one["id"] for one in page["items"]]
        more = urlencode({"cursor": page["next"]})
        page = desk.call("lea").get(f"{API}/tickets?{query}&{more}").json()
    assert len(seen) > 20 and len(seen) == len(set(seen))


def press(caller: Caller, path: str, **typed: str) -> Answer:
    return caller.send("POST", path, urlencode(typed).encode(), Content_Type=FORM)


def told(answer: Answer) -> dict[str, Any]:
    """A problem without what differs from call to call."""
    said: dict[str, Any] = json.loads(answer.text)
    return {name: said[name] for name in said if name not in ("instance", "request_id")}
