"""Promises on a ticket's page at the desk: accept, call, tell, give back, a date by hand."""

import re

import pytest

from chalicelib.domain.vocabulary import HoldReason, Level
from chalicelib.services import ownership, tickets
from tests.cast import ANA, CHI, MONDAY_9, ROSA, after
from tests.factories import a_ticket, employ, employ_everyone, kinds_of, now_of
from tests.integration.browser import Browser
from tests.integration.lambdas import sweep


@pytest.fixture
def ana(cloud: None) -> Browser:
    employ_everyone()
    return Browser().sign_in(ANA)


def send(browser: Browser, ticket, step: str, **fields: str):
    path = f"/desk/tickets/{ticket.ticket_id}"
    return browser.submit(browser.get(path), f"{path}/{step}", **fields)


def text_of(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def test_what_a_colleague_gave_to_one_is_accepted_by_a_button(ana):
    ticket = a_ticket()
    ownership.assign(ticket.ticket_id, ANA.id, CHI, MONDAY_9)
    assert "Accept" in ana.get(f"/desk/tickets/{ticket.ticket_id}").text
    assert kinds_of(ticket)[-1] == "assigned"  # only what the machine gave is accepted by opening
    assert send(ana, ticket, "acceptance").status == 303
    assert kinds_of(ticket)[-1] == "accepted"
    assert "/acceptance" not in ana.get(f"/desk/tickets/{ticket.ticket_id}").text


def test_a_logged_call_is_kept_from_the_requester_and_answers_them(ana):
    ticket = a_ticket()
    assert send(ana, ticket, "messages", kind="call", body="She will try it.").status == 303
    page = text_of(ana.get(f"/desk/tickets/{ticket.ticket_id}"))
    assert "Call with the requester" in page
    assert "met in" in page
    employ(ROSA)
    rosa = Browser().sign_in(ROSA)
    assert "She will try it." not in rosa.get(f"/requests/{ticket.ticket_id}").text


def test_the_management_is_told_and_the_ticket_shows_it(ana):
    ticket = a_ticket()
    assert send(ana, ticket, "management", whom="manager", reason="They may sue.").status == 303
    page = text_of(ana.get(f"/desk/tickets/{ticket.ticket_id}"))
    assert "The managers know" in page
    assert "told the managers: They may sue." in page
    assert "managers know" in ana.get("/desk?view=management").text


def test_a_ticket_goes_back_to_the_tier_below(ana):
    ticket = a_ticket()
    send(ana, ticket, "escalation", reason="Too hard", tried="All of it")
    assert send(ana, ticket, "de-escalation", reason="Found the manual").status == 303
    assert (int(now_of(ticket).tier), kinds_of(ticket)[-1]) == (1, "de_escalated")


def test_a_due_date_by_hand_is_in_the_agents_zone_and_labelled(ana):
    ticket = a_ticket()
    sent = {"target": "resolution", "due_at": "2026-11-27T17:00", "reason": "promised"}
    assert send(ana, ticket, "due-date", **sent).status == 303
    page = text_of(ana.get(f"/desk/tickets/{ticket.ticket_id}"))
    assert "by hand" in page
    assert "“promised”" in page
    assert send(ana, ticket, "due-date", target="resolution").status == 303
    assert "by hand: promised" in text_of(ana.get(f"/desk/tickets/{ticket.ticket_id}"))
    assert kinds_of(ticket).count("due_date_set") == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"target": "resolution", "due_at": "2026-11-20T17:00", "reason": "x"}, "still to come"),
        ({"target": "resolution", "due_at": "2026-11-27T17:00"}, "Say why."),
        ({"due_at": "2026-11-27T17:00", "reason": "x"}, "Choose which deadline"),
        ({"target": "resolution", "due_at": "soon", "reason": "x"}, "like 2026-11-24 09:00"),
    ],
)
def test_a_due_date_that_cannot_be_is_refused_with_the_text_kept(ana, fields, words):
    ticket = a_ticket()
    answer = send(ana, ticket, "due-date", **fields)
    assert answer.status == 422
    assert words in answer.text
    assert all(value in answer.text for value in fields.values())
    assert kinds_of(ticket) == ["opened"]


def test_the_panel_explains_pauses_in_words_and_says_what_comes_next(ana):
    ticket = a_ticket(impact=Level.HIGH, urgency=Level.HIGH)
    tickets.hold(ticket.ticket_id, HoldReason.REQUESTER, None, CHI, after(minutes=4))
    page = text_of(ana.get(f"/desk/tickets/{ticket.ticket_id}"))
    assert "waiting for the requester" in page
    assert "Next:" in page
    sweep(after(minutes=15))
    page = text_of(ana.get(f"/desk/tickets/{ticket.ticket_id}"))
    assert "escalated it to tier 2: “First answer” is late" in page
