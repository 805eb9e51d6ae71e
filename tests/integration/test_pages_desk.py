"""The desk's pages: the work list, a ticket, what is held back, and what every page keeps to."""

import pytest

from chalicelib.models.ticket import Ticket
from chalicelib.services import guests
from tests.cast import ANA, BEN, MONDAY_9, ROSA
from tests.factories import a_ticket, employ, employ_everyone, kinds_of, now_of
from tests.integration.browser import Browser, Page

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def ana() -> Browser:
    employ_everyone()
    return Browser().sign_in(ANA)


def admitted(guest: Browser, ticket: Ticket) -> Page:
    """The follow-up page, reached by the link in the mail."""
    path = f"/requests/{ticket.ticket_id}"
    link = guest.get(f"{path}?key={guests.follow_key(ticket, MONDAY_9)}")
    return guest.follow(guest.submit(link, f"{path}/pass"))


def desk(browser: Browser, ticket: Ticket) -> tuple[Page, str]:
    path = f"/desk/tickets/{ticket.ticket_id}"
    return browser.get(path), path


def test_a_requester_reads_replies_and_no_notes(guest, ana):
    ticket = a_ticket()
    for kind in ("reply", "note"):
        page, path = desk(ana, ticket)
        ana.submit(page, f"{path}/messages", kind=kind, body=f"This is a {kind}.")
    text = admitted(guest, ticket).text
    assert "This is a reply." in text
    assert "This is a note." not in text


def test_the_desk_asks_strangers_to_sign_in_and_sends_requesters_away(guest):
    assert guest.get("/desk").headers["Location"] == "/sign-in?next=/desk"
    employ(ROSA)
    assert Browser().sign_in(ROSA).get("/desk").status == 403


@pytest.mark.parametrize("view", ["mine", "unassigned", "all", "breached", "due", "tier1",
                                  "waiting", "on_hold", "resolved", "nonsense"])  # fmt: skip
def test_every_view_of_the_work_list_opens(ana, view):
    a_ticket(subject="In the list")
    page = ana.get(f"/desk?view={view}&priority=P3")
    assert page.status == 200
    assert ("In the list" in page.text) == (view in ("unassigned", "all", "tier1", "nonsense"))


def test_a_forged_cursor_is_explained(ana):
    assert ana.get("/desk?cursor=forged").status == 422


def test_a_stale_answer_is_held_back_with_its_text_and_what_came_meanwhile(ana):
    ticket = a_ticket()
    page, path = desk(ana, ticket)
    ben = Browser().sign_in(BEN)
    ben.submit(page_of_ben := ben.get(path), f"{path}/messages", kind="reply", body="I am on it.")
    held = ana.submit(page, f"{path}/messages", kind="reply", body="Restart it, please.")
    assert page_of_ben.status == 200
    assert held.status == 409
    assert "Not sent" in held.text
    assert "I am on it." in held.text
    assert "Restart it, please." in held.text
    assert ana.submit(held, f"{path}/messages", kind="reply", body="Restart.").status == 303
    assert kinds_of(ticket).count("reply") == 2


def test_an_answer_sent_twice_is_said_once(ana):
    ticket = a_ticket()
    page, path = desk(ana, ticket)
    for _ in range(2):
        answer = ana.submit(page, f"{path}/messages", kind="reply", body="Restart it, please.")
        assert answer.status == 303
    assert kinds_of(ticket).count("reply") == 1


STEPS = {
    "assignment": ({"assignee": "me"}, "open"),
    "hold": ({"reason": "until", "until": "2026-12-01T09:00"}, "on_hold"),
    "escalation": ({"reason": "Beyond us", "tried": "A restart"}, "new"),
    "resolution": ({"summary": "A new till"}, "resolved"),
}


@pytest.mark.parametrize("step", STEPS)
def test_each_step_of_the_side_panel_changes_the_ticket(ana, step):
    ticket = a_ticket()
    typed, status = STEPS[step]
    page, path = desk(ana, ticket)
    done = ana.follow(ana.submit(page, f"{path}/{step}", **typed))
    assert done.status == 200
    assert now_of(ticket).status == status


@pytest.mark.parametrize("step", ["assignment", "hold", "escalation", "resolution", "messages"])
def test_an_empty_step_says_what_is_missing_and_changes_nothing(ana, step):
    ticket = a_ticket()
    page, path = desk(ana, ticket)
    form = {key: page.forms[f"{path}/{step}"][key] for key in ("csrf", "version")}
    answer = ana.post(f"{path}/{step}", form)
    assert answer.status == 422
    assert 'id="problems"' in answer.text
    assert kinds_of(ticket) == ["opened"]


def test_an_impossible_step_is_told_on_the_ticket(ana):
    ticket = a_ticket()
    page, path = desk(ana, ticket)
    ana.submit(page, f"{path}/resolution", summary="A new till")
    fresh = {**page.forms[f"{path}/escalation"], "version": "2"}
    answer = ana.post(f"{path}/escalation", {**fresh, "reason": "x", "tried": "y"})
    assert answer.status == 409
    assert "reopen it first" in answer.text


MISSING = (
    "/desk/tickets/HD-0000000",
    "/desk/tickets/nonsense",
    "/requests/HD-0000000",
    "/sent/nonsense",
    "/static/app.css",
)


@pytest.mark.parametrize("path", MISSING)
def test_what_does_not_exist_is_not_found(ana, path):
    page = ana.get(path)
    assert page.status == 404
    assert "We cannot find that page" in page.text


def test_signing_out_ends_the_session_at_once(ana):
    page = ana.get("/desk")
    old = dict(ana.cookies)
    assert ana.submit(page, "/sign-out").status == 303
    assert Browser(old).get("/desk").status == 303


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_signing_in_never_leads_to_another_site(guest, wanted):
    assert "evil" not in guest.get(f"/sign-in?next={wanted}").text


def test_every_page_carries_the_strict_policy(guest):
    for path in ("/", "/sign-in", "/docs/api", "/sent/HD-0000000", "/requests"):
        headers = guest.get(path).headers
        assert headers["Content-Security-Policy"].startswith(
            "default-src 'none'; script-src 'self'"
        )
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "same-origin"


def test_a_page_names_its_stylesheet_and_browsers_may_keep_it(guest):
    name = guest.get("/").text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    style = guest.get(name)
    assert style.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in style.headers["Cache-Control"]


def test_the_api_is_described_on_a_readable_page(guest):
    page = guest.get("/docs/api")
    assert "/api/v1/tickets/{ticket_id}" in page.text
