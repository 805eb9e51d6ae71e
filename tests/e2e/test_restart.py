"""The desk is ended and started again, cleanly or not: what was acknowledged is there, once."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from http.client import HTTPException

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.calls import API, Caller, all_at_once, new_ticket
from tests.e2e.conftest import MakeDesk
from tests.e2e.local_desk import LocalDesk
from tests.e2e.visitors import Visitors
from tests.e2e.waiting import eventually

DAY = 86_400
AT_THE_KILL = 1
THREADS, EACH, ENOUGH = 4, 6, 12  # the agents of tier 1 have room for all


@pytest.fixture
def own_desk(make_desk: MakeDesk) -> Iterator[LocalDesk]:
    """A desk that nobody else minds to lose; without tickets, so it starts sooner."""
    made = make_desk("empty")
    yield made
    made.close()


def test_everything_is_still_there_after_ctrl_c_and_a_new_start(
    own_desk: LocalDesk, browser: Browser
) -> None:
    ana, email = own_desk.call("ana"), "stays@guest.example"
    number = ana.open_ticket(requester={"email": email})["id"]
    eventually(lambda: "assigned" in ana.kinds(number))
    ana.post(f"{API}/tickets/{number}/replies", {"body": "It will be there tomorrow."})
    own_desk.wait_for_mail(email, "It will be there tomorrow.")
    own_desk.move_clock(seconds=3 * DAY)
    kept = (ana.get(f"{API}/tickets/{number}").etag, ana.timeline(number), own_desk.mails(email))
    at_the_last_moment = ana.open_ticket(requester={"email": "late@guest.example"})["id"]

    own_desk.interrupt()
    own_desk.start()

    found = (ana.get(f"{API}/tickets/{number}").etag, ana.timeline(number), own_desk.mails(email))
    assert found == kept
    assert own_desk.call().get("/_local/clock").json()["offset_seconds"] == 3 * DAY
    late = own_desk.wait_for_mail("late@guest.example")
    assert at_the_last_moment in late["text"]
    signs_in(own_desk, browser, number)
    eventually(lambda: "assigned" in ana.kinds(at_the_last_moment))
    assert ana.kinds(at_the_last_moment) == ["opened", "assigned"]
    assert len(own_desk.mails("late@guest.example")) == 1


def signs_in(desk: LocalDesk, browser: Browser, number: str) -> None:
    """With the password of the first start, and with the clock moved by days."""
    everybody = Visitors(browser, desk.base_url)
    page = everybody.sign_in(desk.person("ana"))
    expect(page.get_by_role("navigation", name="Views")).to_be_visible()
    page.goto(f"/desk/tickets/{number}")
    expect(page.get_by_text("It will be there tomorrow.")).to_be_visible()
    everybody.leave()
    assert not everybody.complaints


@pytest.mark.parametrize("mails", [0, 3], ids=["amid the requests", "amid the mails"])
def test_a_killed_runner_loses_and_doubles_nothing_that_was_acknowledged(
    own_desk: LocalDesk, mails: int
) -> None:
    ana, acknowledged = own_desk.call("ana"), {}

    def file_requests(thread: int) -> list[str]:
        """Until no answer comes any more; answers every key that was sent."""
        sent: list[str] = []
        for one in range(EACH):
            sent.append(f"thread-{thread}-{one}")
            number = open_once(ana, sent[-1])
            if number is None:
                break
            acknowledged[sent[-1]] = number
        return sent

    def kill_when_enough() -> list[str]:
        eventually(lambda: len(acknowledged) >= ENOUGH and own_desk.mails_kept() >= mails)
        own_desk.kill()
        return []

    filers = [partial(file_requests, one) for one in range(THREADS)]
    sent = [key for keys in all_at_once(kill_when_enough, *filers) for key in keys]

    own_desk.start()
    assert_nothing_lost(ana, acknowledged)
    known = {key: open_once(ana, key) for key in sent}
    assert {key: known[key] for key in acknowledged} == acknowledged
    assert_each_once(ana, own_desk, known)


def open_once(caller: Caller, key: str) -> str | None:
    """The ticket's id, or None when no answer came."""
    body = new_ticket(subject=key, requester={"email": f"{key}@guest.example"})
    try:
        got = caller.post(f"{API}/tickets", body, Idempotency_Key=key)
    except (OSError, HTTPException):
        return None
    assert got.status == 201, got.text
    return str(got.json()["id"])


def assert_nothing_lost(caller: Caller, acknowledged: dict[str, str]) -> None:
    for key, number in acknowledged.items():
        assert caller.get(f"{API}/tickets/{number}").json()["subject"] == key


def assert_each_once(caller: Caller, desk: LocalDesk, known: dict[str, str | None]) -> None:
    """One ticket for each key, in whose life each event happened once, with one mail."""
    items = caller.get(f"{API}/tickets?limit=100").json()["items"]
    assert sorted(one["id"] for one in items) == sorted(filter(None, known.values()))
    for number in known.values():
        eventually(lambda number=number: "assigned" in caller.kinds(number))
        assert caller.kinds(number) == ["opened", "assigned"]
    eventually(lambda: in_hand(desk) <= AT_THE_KILL)
    eventually(lambda: len(received(desk)) + in_hand(desk) >= len(known))
    assert set(Counter(received(desk)).values()) == {1}


def received(desk: LocalDesk) -> list[str]:
    """Who got a mail, once for each mail."""
    return [mail["to"] for mail in desk.call().get("/_local/mail").json()["items"]]


def in_hand(desk: LocalDesk) -> int:
    """Messages about mail that are not done; one that was cut off comes again after minutes."""
    rows = desk.call().get("/_local/queues").json()["items"]
    row = next(one for one in rows if one["name"] == "notifications")
    assert not row["dead_letters"]
    return int(row["depth"] + row["in_flight"])
