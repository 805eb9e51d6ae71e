"""Of who only asks, the audit holds no word, and no entry for good names them by their address."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.events import Kind
from chalicelib.domain.people import Actor
from chalicelib.domain.privacy import NAME
from chalicelib.domain.vocabulary import Role
from chalicelib.models.audit import AuditRow
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import (
    accounts,
    audit,
    conversations,
    hand_over,
    intake,
    members,
    ownership,
    people,
    tokens,
)
from tests.cast import ADA, ANA, BEN, MONDAY_9, ROSA, after
from tests.factories import a_draft, employ, entries_of
from tests.integration.api import Api
from tests.integration.browser import Browser
from tests.integration.commands import run
from tests.integration.holdings import holding
from tests.integration.private_life import erased

pytestmark = pytest.mark.usefixtures("cloud")

GUEST = replace(ROSA, name=ROSA.email)  # as somebody without a name is known
WORD = "mulberry"


def told(action: str) -> list[Any]:
    return [[one.before, one.after] for one in AuditRow.scan() if one.action == action]


def spoken_to(last: Actor) -> TimelineEntry:
    """A guest's request, handed over when somebody has spoken last."""
    employ(ANA, BEN)
    draft = a_draft()
    nameless = replace(draft, requester=replace(draft.requester, name=None))
    ticket = intake.open_ticket(nameless, GUEST, MONDAY_9).ticket
    ownership.assign(ticket.ticket_id, ANA.id, BEN, after(minutes=1))
    conversations.reply(ticket.ticket_id, "Hello.", last, after(minutes=2))
    members.remove(ANA.id, ADA, after(minutes=3))
    hand_over.move(ticket.ticket_id, Person.get(ANA.id), "left", after(minutes=4))
    return entries_of(ticket, Kind.HANDED_OVER)[0]


def test_a_hand_over_does_not_name_who_asked():
    handed = spoken_to(GUEST)
    assert handed.data["last"]["by"] == "the requester"
    assert ROSA.email not in json.dumps(handed.data)
    employ(BEN)
    page = Browser().sign_in(BEN).get(f"/desk/tickets/{handed.ticket_id}")
    assert "last: reply by the requester" in page.text


def test_a_hand_over_names_who_works_here_and_its_row_in_the_audit_says_nothing_of_it():
    handed = spoken_to(ANA)
    assert handed.data["last"]["by"] == ANA.name
    row = audit.of_entry(handed.attribute_values)
    assert row.after["why"] == "left" and "last" not in row.after


def test_an_address_that_an_old_entry_has_in_place_of_a_name_is_erased():
    handed = spoken_to(GUEST)
    handed.update(actions=[TimelineEntry.data.set({
        **handed.data, "last": {**handed.data["last"], "by": ROSA.email}})])  # fmt: skip
    erased(also_open=True)
    again = entries_of(Ticket(handed.ticket_id), Kind.HANDED_OVER)[0]
    assert again.data["last"] == {**handed.data["last"], "by": NAME}
    assert holding(ROSA.email) == []


def test_what_requesters_say_of_themselves_is_told_by_the_names_of_fields():
    api = Api(ROSA)
    said = {"name": f"Rosa {WORD}", "languages": [], "time_zone": "UTC", "locale": "pt"}
    assert api.put("/people/me", said).status == 200
    assert told("person.changed") == [[{"fields": ["locale", "name"]}] * 2]
    assert "audit" not in holding(WORD, "Rosa Lind")


def test_what_staff_say_of_themselves_is_told_in_whole():
    api = Api(ANA)
    said = {"name": "Ana Lima", "languages": [], "time_zone": "UTC", "locale": "en"}
    assert api.put("/people/me", said).status == 200
    assert told("person.changed") == [[{"name": "Ana Costa"}, {"name": "Ana Lima"}]]


def test_a_label_is_told_of_the_tokens_of_staff_alone():
    employ(ROSA, ANA)
    for actor in (ROSA, ANA):
        row, _ = tokens.create(actor, f"My {WORD}", 3, ["read"], MONDAY_9)
        tokens.revoke(actor.id, row.token_id, actor, MONDAY_9)
        tokens.issue(actor.id, f"Another {WORD}", MONDAY_9)
        run("tokens", "revoke", actor.email, tokens.of(actor.id)[0].token_id)
    rows = [one for one in AuditRow.scan() if one.action.startswith("api_token.")]
    labels = {(one.about, (one.before or one.after).get("label")) for one in rows}
    assert labels == {
        (ROSA.id, None), (ANA.id, f"My {WORD}"), (ANA.id, f"Another {WORD}"),
    }  # fmt: skip
    assert all((one.before or one.after)["scopes"] for one in rows)


def test_whom_a_command_adds_as_a_requester_is_not_named():
    run("people", "add", "Olga Lind", "olga@shop.example", "requester")
    run("people", "add", "Olga Berg", "olga@shop.example", "requester")
    assert "audit" not in holding("olga")
    ((_, added),) = told("person.added")
    assert added["role"] == "requester" and {"name", "email"} <= set(added["fields"])
    assert told("person.changed") == [[{"fields": ["name"]}] * 2]


def test_who_asked_so_far_and_is_hired_is_named_from_then_on_only():
    employ(replace(ROSA, name=f"Rosa {WORD}"))
    profile = {"name": "Rosa Berg", "email": ROSA.email, "role": "agent", "tiers": [1]}
    members.add(profile, ADA, MONDAY_9)
    ((before, became),) = told("person.added")
    assert (before["role"], became["role"]) == ("requester", "agent")
    assert became["name"] == "Rosa Berg" and WORD not in json.dumps(before)


def test_who_is_made_a_requester_is_named_no_more_but_the_role_is_told():
    employ(ANA)
    people.add(f"Ana {WORD}", ANA.email, Role.REQUESTER, now=MONDAY_9)
    ((before, became),) = told("person.changed")
    assert (before["role"], became["role"]) == ("agent", "requester")
    assert WORD not in json.dumps(became)


def test_as_whom_a_requester_signs_in_elsewhere_is_not_told():
    employ(ROSA, ANA)
    for actor in (ROSA, ANA):
        accounts.link(Person.get(actor.id), "https://id.example", actor.email, ADA, MONDAY_9)
    assert "audit" not in holding(ROSA.email)
    assert "audit" in holding(ANA.email)
