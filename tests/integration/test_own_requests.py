"""All of one's requests by a mailed link: the same answer to everybody, and only what is theirs."""

import email
import email.policy
import re
from functools import partial
from itertools import count

import pytest

from chalicelib.adapters import clock
from chalicelib.domain.links import Action, Scope
from chalicelib.domain.people import SYSTEM
from chalicelib.handlers.workers.notifications import send_notifications
from chalicelib.services import guests, links
from tests import aws
from tests.cast import ANA, MONDAY_9, OMAR, ROSA, after
from tests.factories import a_ticket, employ_everyone, kinds_of
from tests.integration.browser import Browser, Page
from tests.integration.counting import counted
from tests.integration.killing import cut_off, killed
from tests.integration.lambdas import work
from tests.integration.page_text import text_of

pytestmark = pytest.mark.usefixtures("cloud")


def ask(address: str, browser: Browser | None = None) -> Page:
    browser = browser or Browser()
    return browser.submit(browser.get("/requests"), "/requests", email=address)


def key_for(whom=ROSA, at=MONDAY_9) -> str:
    return links.issue(Scope(Action.OWN, whom.id), at)


def enter(key: str, browser: Browser) -> Page:
    page = browser.get(f"/requests?key={key}")
    return browser.submit(page, "/requests")


def mailed() -> list[str]:
    """The text of each mail that the worker sends for what lies in its queue."""
    assert work(send_notifications, aws.queued("notifications")) == {"batchItemFailures": []}
    raw = [email.message_from_string(one.raw_data, policy=email.policy.default)
           for one in aws.sent_mail_store()]  # fmt: skip
    return [one.get_body(("plain",)).get_content() for one in raw]


def test_a_stranger_is_asked_where_the_link_shall_go():
    page = Browser().get("/requests")
    assert page.status == 200
    assert "Mail me the link" in page.text
    assert "/sign-in?next=/requests" in page.text


def test_the_link_shows_what_is_theirs_and_nothing_else():
    a_ticket(subject="Rosa's till"), a_ticket(OMAR, subject="Omar's x-ray")
    ask("ROSA@shop.example")
    (text,) = mailed()
    found = re.search(r"https://desk\.example/requests\?key=([\w-]+)", text)
    browser = Browser()
    page = browser.follow(enter(found[1], browser))
    assert "Rosa&#39;s till" in page.text
    assert "Omar" not in page.text
    assert "?key=" not in page.text


def test_known_and_unknown_addresses_get_the_same_answer_after_the_same_work(monkeypatch):
    a_ticket()
    ask("warm@up.example")
    with counted(monkeypatch) as known_calls:
        known = ask(ROSA.email)
    with counted(monkeypatch) as unknown_calls:
        unknown = ask("nobody@nowhere.example")
    assert known_calls == unknown_calls
    assert (known.status, known.headers) == (unknown.status, unknown.headers)
    assert known.text == unknown.text
    assert "Look into your mail" in known.text


def test_an_unknown_address_is_never_written_to():
    a_ticket()
    ask("nobody@nowhere.example")
    assert mailed() == []


def test_a_message_that_comes_twice_is_one_mail():
    a_ticket()
    ask(ROSA.email)
    told = aws.queued("notifications")
    for _ in range(2):
        work(send_notifications, told)
    assert len(aws.sent_mail_store()) == 1


def test_looking_never_uses_the_link_and_the_button_uses_it_once():
    a_ticket(subject="Rosa's till")
    key, scanner = key_for(), Browser()
    for _ in range(3):
        assert "till" not in scanner.get(f"/requests?key={key}").text
    browser = Browser()
    assert enter(key, browser).headers["Location"] == "/requests"
    again = enter(key, Browser())
    assert again.status == 404
    assert "works once" in again.text
    assert "till" not in again.text


def test_a_link_whose_use_was_cut_off_is_not_burnt():
    for call in count(1):
        key = key_for()
        if cut_off(partial(guests.enter, key, MONDAY_9), call, killed, writes=True):
            break
        own_pass = guests.enter(key, MONDAY_9)
        assert guests.owner(own_pass, MONDAY_9).id == ROSA.id
        assert guests.is_proven(ROSA.id, MONDAY_9)
    assert call > 1


def test_pressing_twice_in_one_browser_is_no_error():
    browser, key = Browser(), key_for()
    page = browser.get(f"/requests?key={key}")
    browser.submit(page, "/requests")
    csrf = browser.get("/requests").forms["/requests"]["csrf"]
    assert browser.post("/requests", {"key": key, "csrf": csrf}).status == 303


@pytest.mark.parametrize("how", ["empty", "altered", "expired", "revoked", "of a ticket", "a pass"])
def test_a_key_that_is_not_for_this_opens_nothing(how):
    ticket, good = a_ticket(subject="Rosa's till"), key_for()
    key = {
        "empty": "",
        "altered": good[:-1] + ("A" if good[-1] != "A" else "B"),
        "expired": key_for(at=after(minutes=-10, seconds=-1)),
        "revoked": good,
        "of a ticket": guests.follow_key(ticket, MONDAY_9),
        "a pass": links.issue(Scope(Action.OWNING, ROSA.id), MONDAY_9),
    }[how]
    if how == "revoked":
        links.revoke_all_of_person(ROSA.id, SYSTEM, MONDAY_9)
    browser = Browser()
    page = browser.post("/requests", {"key": key})
    assert page.status == 404
    assert "Have a new one sent to you" in page.text
    assert "Mail me the link" in browser.get("/requests").text


def test_who_came_by_the_link_answers_in_their_requests_and_in_no_others():
    mine, foreign = a_ticket(), a_ticket(OMAR)
    browser = Browser()
    enter(key_for(), browser)
    path = f"/requests/{mine.ticket_id}"
    assert browser.submit(browser.get(path), f"{path}/replies", body="One more thing").status == 303
    assert kinds_of(mine) == ["opened", "reply"]
    assert browser.get(f"/requests/{foreign.ticket_id}").status == 303
    csrf = browser.get(path).forms[f"{path}/replies"]["csrf"]
    sent = {"csrf": csrf, "version": "1", "body": "x"}
    assert browser.post(f"/requests/{foreign.ticket_id}/replies", sent).status == 303
    assert kinds_of(foreign) == ["opened"]


def test_it_is_no_sign_in():
    employ_everyone()
    browser = Browser()
    enter(links.issue(Scope(Action.OWN, ANA.id), MONDAY_9), browser)
    for path in ("/desk", "/desk/on-call", "/settings", "/reports"):
        assert browser.get(path).headers["Location"].startswith("/sign-in")


def test_a_pass_of_one_request_does_not_show_them_all():
    ticket, browser = a_ticket(), Browser()
    browser.post(f"/requests/{ticket.ticket_id}/pass", {"key": guests.follow_key(ticket, MONDAY_9)})
    assert "Mail me the link" in browser.get("/requests").text


def test_the_pass_is_closed_by_its_button_at_once_and_by_itself_after_eight_hours():
    a_ticket(subject="Rosa's till")
    browser, other = Browser(), Browser()
    enter(key_for(), browser), enter(key_for(), other)
    kept = dict(browser.cookies)
    browser.submit(browser.get("/requests"), "/requests", leave="1")
    assert "Mail me the link" in Browser(kept).get("/requests").text
    clock.use(lambda: after(hours=8))
    assert "Mail me the link" in other.get("/requests").text


def test_a_form_of_who_came_by_a_link_needs_the_token_of_its_page():
    browser = Browser()
    enter(key_for(), browser)
    assert browser.post("/requests", {"leave": "1"}).status == 403


@pytest.mark.parametrize("address", ["", "rosa", "a@b.example, c@d.example"])
def test_what_is_no_address_is_said_so_and_kept(address):
    page = ask(address)
    assert page.status == 422
    assert f'value="{address}"' in page.text
    assert aws.queued("notifications") == []


def test_one_address_gets_three_links_an_hour_and_another_can_still_ask():
    a_ticket()
    answers = [ask(ROSA.email) for _ in range(4)]
    assert [one.status for one in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "1200"
    assert answers[-1].headers["RateLimit-Policy"] == '"link-mail";q=3;w=3600'
    assert f'value="{ROSA.email}"' in answers[-1].text
    assert "wait 20 minutes" in text_of(answers[-1])
    assert ask(OMAR.email).status == 200
    clock.use(lambda: after(minutes=20))
    assert ask(ROSA.email).status == 200
