"""Sessions: begun anew at each sign-in, listed, and ended by time, by people and by changes."""

import json

import pytest

from chalicelib.adapters import clock
from chalicelib.models.audit import AuditRow
from chalicelib.models.person import Person
from chalicelib.models.saving import NotSaved, save_together
from chalicelib.models.session import Session
from chalicelib.services import members, people, sessions
from chalicelib.services.sessions import From
from tests.cast import ADA, ANA, BEN, LEA, MONDAY_9, after
from tests.factories import employ
from tests.integration.api import Api
from tests.integration.browser import Browser
from tests.integration.counting import counted, writes

pytestmark = pytest.mark.usefixtures("cloud")

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def desk(cloud) -> None:
    employ(ANA, BEN, ADA)


def begun(actor=ANA, now=MONDAY_9, **came_from) -> str:
    return sessions.start(Person.get(actor.id), now, From(**came_from))


def opens(secret, now=MONDAY_9) -> bool:
    return sessions.by_secret(secret, now) is not None


def test_only_the_hash_of_a_session_is_kept():
    secret = begun()
    rows = json.dumps([one.to_simple_dict() for one in Session.scan()], default=str)
    assert opens(secret) and secret not in rows
    assert not opens(next(iter(Session.scan())).session_hash)


def test_what_is_empty_altered_or_foreign_opens_nothing():
    good = begun()
    for bad in (None, "", " ", good[:-1], good + "x", good.swapcase(), "null", "\ud800"):
        assert Browser({"__Host-sid": bad or ""}).get("/account").status == 303, bad
    assert [opens(bad) for bad in (None, "", " ", good[:-1], good + "x")] == [False] * 5


def test_a_session_ends_after_two_hours_without_a_request():
    secret = begun()
    assert opens(secret, after(hours=1, minutes=59))
    assert opens(secret, after(hours=3, minutes=58))  # counted from the last one
    assert not opens(secret, after(hours=5, minutes=59))


def test_a_session_ends_after_twelve_hours_however_busy_it_is():
    secret = begun()
    for hour in range(1, 12):
        assert opens(secret, after(hours=hour))
    assert opens(secret, after(hours=11, minutes=59))
    assert not opens(secret, after(hours=12))


def test_that_it_is_used_is_written_down_every_five_minutes(monkeypatch):
    secret = begun()
    with counted(monkeypatch) as calls:
        opens(secret, after(minutes=4, seconds=59))
    assert calls == {"GetItem": 2}
    with counted(monkeypatch) as calls:
        opens(secret, after(minutes=5))
    assert writes(calls) == {"UpdateItem": 1}


def test_a_session_that_was_ended_does_not_come_back_by_being_used():
    secret = begun()
    session = next(iter(Session.scan()))
    sessions.end(secret, MONDAY_9)
    session.note_seen(after(minutes=9))
    assert not opens(secret, after(minutes=9))


def test_who_becomes_something_else_signs_in_anew():
    secret = begun()
    profile = {"name": ANA.name, "role": "lead", "email": ANA.email, "tiers": [1]}
    members.change(ANA.id, profile, ADA, MONDAY_9)
    assert not opens(secret)
    assert opens(begun())


@pytest.mark.parametrize("how", ["by an admin", "by an operator"])
def test_being_the_same_again_opens_nothing_from_before(how):
    secret, elses = begun(), begun(BEN)
    for role in (LEA.role, ANA.role):
        if how == "by an operator":
            people.add(ANA.name, ANA.email, role, tier=1)
        else:
            profile = {"name": ANA.name, "role": role, "email": ANA.email, "tiers": [1]}
            members.change(ANA.id, profile, ADA, MONDAY_9)
    assert not opens(secret)
    assert opens(elses)


def test_a_change_that_leaves_the_role_ends_no_session():
    secret = begun()
    people.add("Ana C.", ANA.email, ANA.role)
    members.change(ANA.id, {"name": "Ana", "role": "agent", "tiers": [1, 2]}, ADA, MONDAY_9)
    assert opens(secret)


def test_who_leaves_is_out_at_once_and_stays_out_when_they_are_back():
    secrets = [begun(), begun()]
    members.remove(ANA.id, ADA, MONDAY_9)
    assert [opens(one) for one in secrets] == [False, False]
    back = {"name": ANA.name, "email": ANA.email, "role": "agent", "tiers": [1]}
    members.add(back, ADA, after(minutes=1))
    assert [opens(one, after(minutes=1)) for one in secrets] == [False, False]


def test_a_page_lists_ones_sessions_and_ends_the_others():
    here, there = Browser().sign_in(ANA), begun(address="192.0.2.1", user_agent=FIREFOX)
    elses = begun(BEN)
    page = here.get("/account")
    assert "Firefox on Windows" in page.text and "192.0.2.1" in page.text
    assert page.text.count("this one") == 1
    told = here.follow(here.submit(page, "/account/sessions/end-others"))
    assert "signed out everywhere else" in told.text
    assert [opens(there), opens(elses)] == [False, True]
    assert here.get("/account").status == 200


def test_one_session_is_ended_by_its_button():
    here, there = Browser().sign_in(ANA), begun(address="192.0.2.1", user_agent=FIREFOX)
    page = here.get("/account")
    assert here.submit(page, "/account/sessions/end").status == 303
    assert not opens(there)
    assert here.submit(page, "/account/sessions/end").status == 404  # pressed twice


def test_nobody_ends_the_sessions_of_others():
    theirs = begun(BEN)
    session_id = sessions.of(BEN.id, MONDAY_9)[0].session_id
    here = Browser().sign_in(ANA)
    begun()
    form = {**here.get("/account").forms["/account/sessions/end"], "id": session_id}
    assert here.post("/account/sessions/end", form).status == 404
    assert Api(ANA).delete(f"/people/me/sessions/{session_id}").status == 404
    assert opens(theirs)


def test_a_program_lists_and_ends_them_too():
    secret = begun(address="192.0.2.1", user_agent=FIREFOX)
    ana = Api(ANA)
    (found,) = ana.get("/people/me/sessions").json["items"]
    assert (found["browser"], found["address"]) == ("Firefox on Windows", "192.0.2.1")
    assert ana.delete(f"/people/me/sessions/{found['id']}").status == 204
    assert not opens(secret)


def test_what_is_over_is_not_listed():
    begun()
    assert sessions.of(ANA.id, after(hours=2)) == []


def test_signing_out_ends_the_session_and_takes_the_cookie_away():
    browser = Browser().sign_in(ANA)
    secret = browser.cookies["__Host-sid"]
    out = browser.submit(browser.get("/account"), "/sign-out")
    assert out.headers["Set-Cookie"][0].startswith("__Host-sid=; Path=/; Max-Age=0")
    assert not opens(secret)
    browser.cookies["__Host-sid"] = secret
    assert browser.get("/account").status == 303


def test_signing_out_needs_no_index_and_is_told_in_the_audit(monkeypatch):
    browser = Browser().sign_in(ANA)
    secret, page = browser.cookies["__Host-sid"], browser.get("/account")
    monkeypatch.setattr(Session, "of", lambda person_id: iter(()))
    out = browser.submit(page, "/sign-out")
    assert out.headers["Set-Cookie"][0].startswith("__Host-sid=; Path=/; Max-Age=0")
    assert not opens(secret)
    assert [one.actor_id for one in AuditRow.scan() if one.action == "session.ended"] == [ANA.id]


def test_ending_a_session_that_another_write_holds_is_tried_again(monkeypatch):
    secret, races = begun(), iter([NotSaved([])])

    def beaten_once(*records, **others):
        for race in races:
            raise race
        save_together(*records, **others)

    monkeypatch.setattr(sessions, "save_together", beaten_once)
    (found,) = sessions.of(ANA.id, MONDAY_9)
    assert Api(ANA).delete(f"/people/me/sessions/{found.session_id}").status == 204
    assert not opens(secret)


def test_the_pages_of_an_idle_session_ask_to_sign_in():
    browser = Browser().sign_in(ANA)
    clock.use(lambda: after(hours=2))
    assert browser.get("/desk").headers["Location"] == "/sign-in?next=/desk"
