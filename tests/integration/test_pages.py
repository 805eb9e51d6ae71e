"""The pages for people who need help: asking, following, answering, without an account."""

import pytest

from chalicelib.adapters import clock
from chalicelib.models.ticket import Ticket
from chalicelib.services import guests
from tests.cast import ANA, MONDAY_9, OMAR, ROSA, after
from tests.factories import a_ticket, employ_everyone, kinds_of, now_of
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


def filed(guest: Browser, page: Page | None = None, **typed: str) -> Page:
    """The form as somebody sends it who has read it first."""
    page = page or guest.get("/")
    clock.use(lambda: after(seconds=20))
    return guest.submit(page, "/", **{**REQUEST, **typed})


def test_a_guest_files_a_request_and_is_told_what_happens_next(guest):
    answer = filed(guest)
    page = guest.follow(answer)
    ticket = Ticket.get(answer.headers["Location"].rpartition("/")[2])
    assert ticket.ticket_id in page.text
    assert "till" not in page.text
    assert (ticket.channel, ticket.priority) == ("portal", "P1")


def test_a_form_sent_twice_makes_one_request(guest):
    page = guest.get("/")
    first, second = (filed(guest, page) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert len(Ticket.asked_by(ROSA.id, None, 10)) == 1


def test_the_same_form_with_other_words_is_asked_about(guest):
    page = guest.get("/")
    filed(guest, page)
    again = filed(guest, page, subject="The printer, too")
    assert again.status == 422
    assert "The printer, too" in again.text


def test_a_wrong_request_keeps_what_was_typed_and_stores_nothing(guest):
    page = filed(guest, email="rosa")
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


@pytest.mark.parametrize(
    "name", ["a%0d%0aSet-Cookie:%20x=1", "%2e%2e", "%5cevil.example", "%00", "HD-0", "hd-0000000"]
)
def test_an_address_that_names_no_ticket_leads_nowhere(guest, name):
    employ_everyone()
    ana = Browser().sign_in(ANA)
    for browser in (guest, ana):
        for path in (f"/requests/{name}/pass", f"/requests/{name}/replies", f"/requests/{name}",
                     f"/requests/{name}?key=k", f"/on-call/{name}?key=k"):  # fmt: skip
            answer = browser.get(path)
            assert (answer.status, answer.headers.get("Location")) == (404, None), path
    answer = ana.get(f"/desk/tickets/{name}/messages")
    assert (answer.status, answer.headers.get("Location")) == (404, None)


def test_the_address_of_a_step_leads_back_to_its_ticket(guest):
    answer = guest.get("/requests/HD-0000000/replies")
    assert answer.headers["Location"] == "/requests/HD-0000000"
