"""A ticket's page at the desk: accepted, handed on, watched, waiting, called for."""

from dataclasses import replace

import pytest

from chalicelib.domain.vocabulary import Availability, Level
from chalicelib.services import (
    desk_settings,
    dispatch,
    intake,
    members,
    ownership,
    transfers,
)
from chalicelib.services.guests import follow_key
from tests.cast import ADA, ANA, BEN, CHI, LEA, MONDAY_9, ROSA, after, asked_by
from tests.factories import a_draft, a_ticket, employ, employ_everyone, kinds_of, now_of
from tests.integration.browser import Browser, Page
from tests.integration.page_text import text_of
from tests.integration.whole_desk import run

pytestmark = pytest.mark.usefixtures("cloud")

URGENT = {"impact": Level.HIGH, "urgency": Level.HIGH}
NETWORK = {"id": "network", "name": "Network & <b>lines</b>"}
ROTATION = {
    "id": "web", "name": "Web", "tier": 2, "zone": "UTC", "starts": "2026-11-02",
    "people": [BEN.id, CHI.id], "acknowledge_within": 600,
}  # fmt: skip


@pytest.fixture
def ana() -> Browser:
    employ_everyone()
    return Browser().sign_in(ANA)


def path_of(ticket) -> str:
    return f"/desk/tickets/{ticket.ticket_id}"


def opened(browser: Browser, ticket) -> str:
    page = browser.get(path_of(ticket))
    assert page.status == 200
    return text_of(page)


def send(browser: Browser, ticket, step: str, **fields: str) -> Page:
    page = browser.get(path_of(ticket))
    return browser.submit(page, f"{path_of(ticket)}/{step}", **fields)


def given(ticket, to=ANA):
    """By the machine, which has nobody else to choose from."""
    employ(to)
    dispatch.dispatch(ticket.ticket_id, 1, MONDAY_9)
    assert now_of(ticket).assignee_id == to.id
    return ticket


def test_what_was_given_to_one_has_a_form_that_accepts_it_and_sends_itself():
    ticket = given(a_ticket())
    ana = Browser().sign_in(ANA)
    page = ana.get(path_of(ticket))
    assert "Given to you, not accepted yet." in text_of(page)
    assert "data-sends-itself" in page.text
    assert kinds_of(ticket)[-1] == "assigned", "looking has changed it"
    done = ana.follow(ana.submit(page, f"{path_of(ticket)}/acceptance"))
    assert "You have accepted the ticket." in text_of(done)
    assert kinds_of(ticket)[-1] == "accepted"
    assert "not accepted yet" not in text_of(done)
    assert "data-sends-itself" not in done.text


def test_a_page_that_tells_of_a_refusal_is_not_sent_away_by_its_own_form():
    ticket = given(a_ticket())
    ana = Browser().sign_in(ANA)
    page = ana.get(path_of(ticket))
    refused = ana.submit(page, f"{path_of(ticket)}/messages", kind="note", body=" ")
    assert refused.status == 422
    assert "/acceptance" in refused.text
    assert "data-sends-itself" not in refused.text


def test_others_see_until_when_it_has_to_be_accepted_and_accept_nothing_by_looking():
    ticket = given(a_ticket())
    employ(LEA)
    page = opened(Browser().sign_in(LEA), ticket)
    assert "Given to Ana Costa, not accepted yet." in page
    assert "left, until" in page
    assert kinds_of(ticket)[-1] == "assigned"
    assert "not accepted, " in text_of(Browser().sign_in(LEA).get("/desk"))


def test_what_is_given_to_one_is_marked_in_the_list_with_the_time_that_is_left():
    given(a_ticket())
    assert "accept it within" in text_of(Browser().sign_in(ANA).get("/desk?view=mine"))


def test_who_watches_is_shown_and_can_stop(ana):
    ticket = a_ticket()
    assert send(ana, ticket, "watching").status == 303
    assert "Watched by 1 AC you" in opened(ana, ticket)
    assert "Ana Costa watches it from now on" in opened(Browser().sign_in(LEA), ticket)
    assert send(ana, ticket, "watching-no-more").status == 303
    assert now_of(ticket).watchers is None
    assert "Nobody besides whoever works on it." in opened(ana, ticket)


def test_a_ticket_that_nobody_can_take_says_why_and_when_somebody_comes():
    employ(ANA, availability="away", away_until=after(hours=20))
    employ(LEA)
    ticket = a_ticket()
    run(MONDAY_9)
    lea = Browser().sign_in(LEA)
    assert "Nobody can take this: 1 away or busy. Expected Tue 05:00." in opened(lea, ticket)
    listed = text_of(lea.get("/desk?view=unstaffed"))
    assert "nobody can take it · expected Tue 05:00" in listed
    assert "Nobody can take 1" in listed


def test_the_requester_reads_honestly_when_somebody_is_back():
    employ(ANA, availability="away", away_until=after(hours=20))
    ticket = a_ticket()
    run(MONDAY_9)
    guest, path = Browser(), f"/requests/{ticket.ticket_id}"
    link = guest.get(f"{path}?key={follow_key(ticket, MONDAY_9)}")
    page = text_of(guest.follow(guest.submit(link, f"{path}/pass")))
    assert "Nobody who can help is at work right now" in page
    assert "We expect to look at it on Tuesday 24 November, 05:00 UTC." in page
    assert "We answer by" not in page  # that was promised for this afternoon
    assert "away or busy" not in page
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    assert "Ana Costa is on it" in text_of(guest.get(path))


def called():
    """An urgent ticket of tier 2 that nobody could take, so that it called Chi."""
    employ(BEN, CHI, tiers=[2], availability="busy")
    employ(LEA)
    desk_settings.put_rotation(ROTATION, ADA, MONDAY_9)
    ticket = a_ticket(**URGENT)
    transfers.to_tier(ticket.ticket_id, 2, "", LEA, MONDAY_9)
    run(MONDAY_9)
    assert now_of(ticket).page["called"] == [CHI.id]
    return ticket


def test_who_was_called_can_answer_on_the_ticket_and_on_the_page_of_calls():
    ticket = called()
    seen_by_ben = opened(Browser().sign_in(BEN), ticket)
    assert "It called Chi Okafor" in seen_by_ben
    assert "then it calls their backup" in seen_by_ben
    assert "I take it" not in seen_by_ben
    assert "Waiting for others" in text_of(Browser().sign_in(BEN).get("/desk/on-call"))
    chi = Browser().sign_in(CHI)
    calls = chi.get("/desk/on-call")
    assert "The till is frozen" in calls.text
    done = chi.submit(calls, f"{path_of(ticket)}/acknowledgement")
    assert "It is yours." in text_of(chi.follow(done))
    assert now_of(ticket).assignee_id == CHI.id
    assert "No ticket calls you." in text_of(chi.get("/desk/on-call"))


def test_who_was_not_called_cannot_answer_for_others():
    ticket = called()
    lea = Browser().sign_in(LEA)
    page = lea.get(path_of(ticket))
    form = page.forms[f"{path_of(ticket)}/assignment"]
    sent = {name: form[name] for name in ("csrf", "version")}
    assert lea.post(f"{path_of(ticket)}/acknowledgement", sent).status == 403
    assert now_of(ticket).assignee_id is None


def test_a_hand_over_reads_as_a_note_of_who_left(ana):
    ticket = a_ticket(**URGENT)
    ownership.assign(ticket.ticket_id, ANA.id, LEA, MONDAY_9)
    members.set_availability(
        ANA, Availability.OUT_OF_OFFICE, None, MONDAY_9, note="Ask <Omar>.\nHe knows."
    )
    run(MONDAY_9)
    page = Browser().sign_in(LEA).get(path_of(ticket))
    assert "handed it over from Ana Costa (out of office) to Ben Ito" in text_of(page)
    assert "Ask &lt;Omar&gt;.\nHe knows." in page.text
    assert "P1, open · due 09:15 · nobody has answered yet" in text_of(page)


def test_team_language_and_skills_are_among_the_facts(ana):
    desk_settings.put_team(NETWORK, ADA, MONDAY_9)
    rule = {"id": "vpn", "name": "VPN", "conditions": {}, "tier": 1, "team": "network",
            "skills": {"vpn": 3}}  # fmt: skip
    desk_settings.put_rule(rule, ADA, MONDAY_9, new=True)
    french = replace(asked_by(ROSA), locale="fr-CA")
    ticket = intake.open_ticket(replace(a_draft(), requester=french), ROSA, MONDAY_9).ticket
    page = opened(ana, ticket)
    assert "Language French" in page
    assert "Team Network &amp; &lt;b&gt;lines&lt;/b&gt;" in page
    assert "vpn 3+" in page
    assert "routed by the rule “VPN”" in page


def test_a_requester_reaches_none_of_these_pages():
    employ(ROSA)
    rosa = Browser().sign_in(ROSA)
    for path in ("/desk/queues", "/desk/on-call", "/desk/availability"):
        assert rosa.get(path).status == 403
        assert Browser().get(path).headers["Location"] == f"/sign-in?next={path}"
