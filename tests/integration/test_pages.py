"""The pages for people who need help: asking, following, answering, without an account."""

import pytest

from chalicelib.models.ticket import Ticket
from chalicelib.services import guests
from tests.cast import MONDAY_9, OMAR, ROSA
from tests.factories import a_ticket, kinds_of, now_of
from tests.integration.browser import Browser, Page

pytestmark = pytest.mark.usefixtures("cloud")

REQUEST = {
    "subject": "The till <b>is</b> frozen",
    "stops": "stopped",
    "description": "Since nine.",
    "email": "rosa@shop.example",
}


def admitted(guest: Browser, ticket: Ticket) -> Page:
    """The follow-up page, reached by the link in the mail."""
    path = f"/requests/{ticket.ticket_id}"
    link = guest.get(f"{path}?key={guests.follow_key(ticket, MONDAY_9)}")
    return guest.follow(guest.submit(link, f"{path}/pass"))


def test_a_guest_files_a_request_and_is_told_what_happens_next(guest):
    answer = guest.submit(guest.get("/"), "/", **REQUEST)
    page = guest.follow(answer)
    ticket = Ticket.get(answer.headers["Location"].rpartition("/")[2])
    assert ticket.ticket_id in page.text
    assert "till" not in page.text
    assert (ticket.channel, ticket.priority) == ("portal", "P1")


def test_a_form_sent_twice_makes_one_request(guest):
    page = guest.get("/")
    first, second = (guest.submit(page, "/", **REQUEST) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert len(Ticket.asked_by(ROSA.id, None, 10)) == 1


def test_the_same_form_with_other_words_is_asked_about(guest):
    page = guest.get("/")
    guest.submit(page, "/", **REQUEST)
    again = guest.submit(page, "/", **{**REQUEST, "subject": "The printer, too"})
    assert again.status == 422
    assert "The printer, too" in again.text


def test_a_wrong_request_keeps_what_was_typed_and_stores_nothing(guest):
    page = guest.submit(guest.get("/"), "/", **{**REQUEST, "email": "rosa"})
    assert page.status == 422
    assert "The till &lt;b&gt;is&lt;/b&gt; frozen" in page.text
    assert Ticket.asked_by(ROSA.id, None, 10) == []


def test_a_form_from_another_site_is_refused(guest):
    page = guest.post("/", {**guest.get("/").forms["/"], **REQUEST}, sec_fetch_site="cross-site")
    assert page.status == 403


def test_a_body_that_is_no_form_is_refused(guest):
    assert guest.post("/", b'{"subject": "x"}', content_type="text/plain").status == 415


def test_the_link_alone_shows_nothing_and_its_button_shows_the_request(guest):
    ticket = a_ticket(subject="Only for Rosa")
    path = f"/requests/{ticket.ticket_id}"
    link = guest.get(f"{path}?key={guests.follow_key(ticket, MONDAY_9)}")
    assert "Only for Rosa" not in link.text
    assert "Only for Rosa" in guest.follow(guest.submit(link, f"{path}/pass")).text


def test_a_pass_opens_its_own_request_only(guest):
    admitted(guest, a_ticket())
    other = guest.get(f"/requests/{a_ticket(OMAR).ticket_id}")
    assert other.headers["Location"].startswith("/sign-in")


def test_a_forged_link_finds_nothing(guest):
    path = f"/requests/{a_ticket().ticket_id}"
    link = guest.get(f"{path}?key=forged.forged")
    assert guest.submit(link, f"{path}/pass").status == 404


def test_a_guest_answers_once_however_often_the_button_is_pressed(guest):
    ticket = a_ticket()
    page, path = admitted(guest, ticket), f"/requests/{ticket.ticket_id}/replies"
    for _ in range(2):
        assert guest.submit(page, path, body="One more thing").status == 303
    assert kinds_of(ticket) == ["opened", "reply"]


def test_a_guest_says_that_it_is_solved_and_opens_it_again(guest):
    ticket = a_ticket()
    path = f"/requests/{ticket.ticket_id}"
    page = guest.follow(guest.submit(admitted(guest, ticket), f"{path}/solved"))
    assert now_of(ticket).status == "resolved"
    guest.submit(page, f"{path}/reopened")
    assert now_of(ticket).status == "open"


def test_a_guests_form_needs_the_token_of_its_page(guest):
    ticket = a_ticket()
    admitted(guest, ticket)
    page = guest.post(f"/requests/{ticket.ticket_id}/replies", {"version": "1", "body": "x"})
    assert page.status == 403
    assert kinds_of(ticket) == ["opened"]
