"""Somebody who worked here is erased: the work stays, under a pseudonym."""

import json
from dataclasses import replace
from datetime import datetime

import pytest

from chalicelib.adapters import accounts
from chalicelib.domain.errors import Conflict, NotAuthenticated
from chalicelib.domain.people import Actor, requester_id, staff_id
from chalicelib.domain.privacy import NAME
from chalicelib.domain.vocabulary import Role
from chalicelib.models.person import Person
from chalicelib.services import (
    conversations,
    erasure,
    jobs,
    members,
    ownership,
    privacy,
    staff,
    tickets,
    tokens,
    watching,
)
from chalicelib.services.erasing import Erased
from tests.cast import ADA, ANA, BEN, CHI, ROSA, after
from tests.factories import a_ticket, employ, entries_of, now_of
from tests.integration import whole_desk
from tests.integration.commands import run
from tests.integration.holdings import holding, rows
from tests.integration.lambdas import work_off_jobs
from tests.integration.private_life import WORD, erased, lived

pytestmark = pytest.mark.usefixtures("cloud")

ZOE = Actor(staff_id("zoe@desk.example"), "Zoe Hart", Role.AGENT, "zoe@desk.example")


@pytest.fixture
def gone(cloud: None):
    """Ana worked on most of it, and has left."""
    found = lived()
    watching.watch(found[2].ticket_id, ANA, after(hours=7))
    members.remove(ANA.id, ADA, after(days=1))
    whole_desk.run(after(days=1))
    staff.forget()
    return found


def test_their_name_stays_in_the_audit_alone(gone):
    assert {"tickets", "timeline", "people"} <= set(holding(ANA.id, ANA.name, ANA.email))
    erased(ANA)
    whole_desk.run(after(days=3))
    left = {place for place, text in rows() if ANA.name in text or ANA.id in text}
    assert left <= {"audit", "jobs", "markers"}
    assert "jobs" not in holding(ANA.name)
    assert holding(ANA.email) in ([], ["audit"])


def test_what_they_did_stays_as_one_persons(gone):
    first = gone[0]
    before = [(one.kind, one.at, one.by["role"]) for one in entries_of(first)]
    theirs = [one.entry_id for one in entries_of(first) if one.by["id"] == ANA.id]
    erased(ANA)
    found = entries_of(first)
    assert [(one.kind, one.at, one.by["role"]) for one in found] == before
    names = {(one.by["id"], one.by["name"]) for one in found if one.entry_id in theirs}
    assert len(names) == 1
    (pseudonym, name) = names.pop()
    assert name == NAME and pseudonym.startswith("E-")
    ticket = now_of(first)
    assert (ticket.assignee_id, ticket.assignee_name) == (pseudonym, NAME)
    assert WORD in json.dumps([one.data for one in found])
    assert ticket.list_rank == first.list_rank


def test_who_comes_back_begins_afresh(gone):
    erased(ANA)
    again = members.add(
        {"name": "Ana", "email": ANA.email, "role": "agent", "tiers": [1]}, ADA, after(days=4)
    )
    assert Person.get(again.person_id).left_at is None
    assert now_of(gone[0]).assignee_id != again.person_id


def test_who_holds_open_tickets_still_is_not_erased_yet(gone):
    employ(BEN, CHI, ADA)
    ticket = a_ticket(now=after(days=1))
    ticket.assignee_id, ticket.assignee_name = ANA.id, ANA.name
    ticket.save()
    with pytest.raises(Conflict, match="holds open tickets"):
        erased(ANA)
    tickets.cancel(ticket.ticket_id, "Spam.", BEN, after(days=2))
    assert erased(ANA)


def test_who_was_made_a_requester_by_command_goes_with_profile_and_tokens(gone):
    employ(CHI)
    token = tokens.issue(CHI.id, "ci", after(days=1))
    run("people", "add", CHI.name, CHI.email, "requester")
    assert Person.get(CHI.id).role == "requester"
    erased(CHI)
    assert Person.find(CHI.id) is None
    with pytest.raises(NotAuthenticated):
        tokens.bearer(token, after(days=3))
    whole_desk.run(after(days=3))
    assert set(holding(CHI.id, CHI.name)) <= {"audit", "jobs"}


def test_who_was_hired_under_the_id_by_which_they_asked_and_asks_again_is_named_nowhere(gone):
    asked = replace(ZOE, id=requester_id(ZOE.email))
    employ(asked, tiers=[2])
    conversations.note(gone[2].ticket_id, "Seen.", asked, after(days=1))
    run("people", "add", ZOE.name, ZOE.email, "requester")
    erased(ZOE)
    assert NAME in [one.by["name"] for one in entries_of(gone[2], "note")]
    assert set(holding(ZOE.name)) <= {"audit"}


def hired_again(who: Actor, at: datetime) -> None:
    profile = {"name": "Again", "email": who.email, "role": "agent", "tiers": [1]}
    assert members.add(profile, ADA, at).person_id == who.id


def test_who_is_hired_again_before_the_work_keeps_profile_token_and_account(gone, monkeypatch):
    closed: list[str] = []
    monkeypatch.setattr(accounts, "delete", closed.append)
    job = privacy.erase(ANA.email, ANA.email, False, ADA, after(days=3))
    hired_again(ANA, after(days=3))
    token = tokens.issue(ANA.id, "new", after(days=3))
    work_off_jobs(after(days=3))
    assert jobs.find(job.job_id).finished_at
    assert (Person.get(ANA.id).name, closed) == ("Again", [])
    assert tokens.bearer(token, after(days=3)).actor.id == ANA.id
    assert ANA.id in [one.by["id"] for one in entries_of(gone[0])]


def test_who_is_hired_again_between_two_turns_keeps_what_they_do_from_then_on(gone, monkeypatch):
    employ(ZOE, tiers=[1])
    conversations.note(gone[2].ticket_id, "Seen.", ZOE, after(days=1))
    members.remove(ZOE.id, ADA, after(days=2))
    fresh = a_ticket(now=after(days=3))
    shut_out, back = erasure.shut_out, []

    def and_back(who: Erased, now: datetime) -> None:
        shut_out(who, now)
        if not back:
            back.append(now)
            hired_again(ZOE, now)
            ownership.assign(fresh.ticket_id, ZOE.id, BEN, now)

    monkeypatch.setattr(erasure, "shut_out", and_back)
    erased(ZOE)
    assert Person.get(ZOE.id).name == "Again"
    assert (now_of(fresh).assignee_id, now_of(fresh).assignee_name) == (ZOE.id, "Again")


def test_who_only_asked_and_is_hired_meanwhile_keeps_the_profile(cloud):
    employ(ADA, ROSA)
    ticket = a_ticket()
    privacy.erase(ROSA.email, ROSA.email, True, ADA, after(days=1))
    hired_again(ROSA, after(days=1))
    work_off_jobs(after(days=1))
    assert Person.get(ROSA.id).role == "agent"
    assert now_of(ticket).requester_id.startswith("E-")
