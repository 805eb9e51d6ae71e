"""Mailed links of guests: what they open, what they do not, and how they end."""

from functools import partial
from itertools import count

import pytest

from chalicelib.adapters import clock
from chalicelib.domain.links import Action, Scope
from chalicelib.domain.people import SYSTEM
from chalicelib.models.audit import AuditRow
from chalicelib.models.link import Link
from chalicelib.models.marker import Marker
from chalicelib.services import guests, links
from tests.cast import MONDAY_9, OMAR, ROSA, after
from tests.factories import a_ticket
from tests.integration.browser import Browser, Page
from tests.integration.commands import invoke, run
from tests.integration.counting import counted
from tests.integration.killing import cut_off, killed, unanswered

pytestmark = pytest.mark.usefixtures("cloud")
SUBJECT = "Only for Rosa"


@pytest.fixture
def ticket():
    return a_ticket(subject=SUBJECT)


def opened(ticket, key: str, browser: Browser | None = None) -> Page:
    """What is seen at the end by who presses the button behind a link."""
    browser, path = browser or Browser(), f"/requests/{ticket.ticket_id}"
    page = browser.post(f"{path}/pass", {"key": key})
    return browser.follow(page) if page.status == 303 else page


def test_a_link_opens_its_request_again_and_again(ticket):
    key = guests.follow_key(ticket, MONDAY_9)
    for _ in range(3):
        assert SUBJECT in opened(ticket, key).text


def test_the_store_never_holds_the_secret(ticket):
    key = guests.follow_key(ticket, MONDAY_9)
    guest_pass = guests.admit(ticket.ticket_id, key, MONDAY_9)
    stored = " ".join(str(link.attribute_values) for link in Link.scan())
    assert key not in stored
    assert guest_pass not in stored
    assert len(key) == len(guest_pass) == 43


def test_every_mail_has_a_link_of_its_own_and_all_work(ticket):
    first, second = (guests.follow_key(ticket, MONDAY_9) for _ in range(2))
    assert first != second
    assert SUBJECT in opened(ticket, first).text
    assert SUBJECT in opened(ticket, second).text


@pytest.mark.parametrize("how", ["empty", "blank", "short", "altered", "foreign", "of another",
                                 "expired", "revoked", "other action", "odd"])  # fmt: skip
def test_a_key_that_is_not_for_this_opens_nothing(ticket, how):
    good = guests.follow_key(ticket, MONDAY_9)
    key = {
        "empty": "",
        "blank": " " * 43,
        "short": good[:-1],
        "altered": good[:-1] + ("A" if good[-1] != "A" else "B"),
        "foreign": guests.follow_key(a_ticket(subject="Another"), MONDAY_9),
        "of another": links.issue(Scope(Action.FOLLOW, OMAR.id, ticket.ticket_id), MONDAY_9),
        "expired": guests.follow_key(ticket, after(days=-30, seconds=-1)),
        "revoked": good,
        "other action": links.issue(Scope(Action.CALL, ROSA.id, ticket.ticket_id), MONDAY_9),
        "odd": "\x00é" * 21 + "\u202e",
    }[how]
    if how == "revoked":
        assert links.revoke_all_of_ticket(ticket.ticket_id, SYSTEM, MONDAY_9) >= 1
    browser = Browser()
    page = opened(ticket, key, browser)
    assert SUBJECT not in page.text
    assert browser.get(f"/requests/{ticket.ticket_id}").status == 303  # sign in first


@pytest.mark.parametrize("key", ["", " ", "x" * 42, "x" * 44])
def test_an_empty_or_short_key_is_refused_before_anything_is_looked_up(ticket, key, monkeypatch):
    with counted(monkeypatch) as calls:
        assert links.live(key, MONDAY_9, *Action) is None
    assert not calls


def test_looking_never_uses_a_link(ticket):
    key = guests.follow_key(ticket, MONDAY_9)
    for _ in range(3):
        page = Browser().get(f"/requests/{ticket.ticket_id}?key={key}")
        assert page.status == 200
        assert "Set-Cookie" not in page.headers
        assert SUBJECT not in page.text
    assert all(link.used_at is None for link in Link.scan())


def test_the_address_one_ends_at_has_no_secret_in_it(ticket):
    browser, path = Browser(), f"/requests/{ticket.ticket_id}"
    page = browser.post(f"{path}/pass", {"key": guests.follow_key(ticket, MONDAY_9)})
    assert page.headers["Location"] == path
    (cookie,) = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-guest-")
    for said in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=28800"):
        assert said in cookie


@pytest.mark.parametrize("revoke", ["ticket", "person"])
def test_revoking_ends_the_links_and_what_was_opened_with_them(ticket, revoke):
    browser = Browser()
    assert SUBJECT in opened(ticket, guests.follow_key(ticket, MONDAY_9), browser).text
    if revoke == "ticket":
        links.revoke_all_of_ticket(ticket.ticket_id, SYSTEM, MONDAY_9)
    else:
        links.revoke_all_of_person(ROSA.id, SYSTEM, MONDAY_9)
    assert browser.get(f"/requests/{ticket.ticket_id}").status == 303
    assert list(Link.scan()) == []


def test_revoking_one_leaves_the_others(ticket):
    key = guests.follow_key(ticket, MONDAY_9)
    links.revoke_all_of_person(OMAR.id, SYSTEM, MONDAY_9)
    links.revoke_all_of_ticket(a_ticket().ticket_id, SYSTEM, MONDAY_9)
    assert SUBJECT in opened(ticket, key).text


def test_the_audit_says_who_came_in_and_when_links_were_revoked(ticket):
    opened(ticket, guests.follow_key(ticket, MONDAY_9))
    links.revoke_all_of_ticket(ticket.ticket_id, SYSTEM, MONDAY_9)
    told = {row.action: (row.about, row.actor_id) for row in AuditRow.scan()}
    assert told["guest.came"] == (ticket.ticket_id, ROSA.id)
    assert told["links.revoked"] == (ticket.ticket_id, "system")


def test_a_pass_ends_after_eight_hours(ticket):
    browser = Browser()
    opened(ticket, guests.follow_key(ticket, MONDAY_9), browser)
    clock.use(lambda: after(hours=8))
    assert browser.get(f"/requests/{ticket.ticket_id}").status == 303


@pytest.mark.parametrize("action", [Action.FOLLOW, Action.OWN, Action.CALL, Action.CALLED])
def test_what_was_mailed_is_no_pass_and_no_other_pass_opens_a_request(ticket, action):
    key = links.issue(Scope(action, ROSA.id, ticket.ticket_id), MONDAY_9)
    assert guests.guest(ticket.ticket_id, key, MONDAY_9) is None
    assert guests.owner(key, MONDAY_9) is None


def test_using_a_link_proves_the_address_for_a_year(ticket):
    assert not guests.is_proven(ROSA.id, MONDAY_9)
    opened(ticket, guests.follow_key(ticket, MONDAY_9))
    assert guests.is_proven(ROSA.id, after(days=364))
    assert not guests.is_proven(ROSA.id, after(days=366))
    assert not guests.is_proven(OMAR.id, MONDAY_9)


@pytest.mark.parametrize("how", [killed, unanswered])
def test_a_link_whose_use_was_cut_off_proves_the_address_the_next_time(ticket, how):
    for call in count(1):
        Marker(f"proven#{ROSA.id}").delete()
        admit = partial(guests.admit, ticket.ticket_id, guests.follow_key(ticket, MONDAY_9))
        if cut_off(partial(admit, MONDAY_9), call, how, writes=True):
            break
        assert admit(MONDAY_9)
        assert guests.is_proven(ROSA.id, MONDAY_9), call
    assert call > 1


def test_a_link_is_opened_thirty_times_an_hour_at_most_and_others_still_open(ticket):
    key, other = (guests.follow_key(ticket, MONDAY_9) for _ in range(2))
    answers = [Browser().post(f"/requests/{ticket.ticket_id}/pass", {"key": key})
               for _ in range(31)]  # fmt: skip
    assert [one.status for one in answers] == [303] * 30 + [429]
    assert answers[-1].headers["Retry-After"] == "120"
    assert len([row for row in AuditRow.scan() if row.action == "guest.came"]) == 30
    assert SUBJECT in opened(ticket, other).text
    clock.use(lambda: after(minutes=2))
    assert SUBJECT in opened(ticket, key).text


def test_operators_revoke_the_links_of_a_ticket_or_of_an_address(ticket):
    for words in ((ticket.ticket_id,), ("--of", "Rosa@shop.example")):
        guests.follow_key(ticket, MONDAY_9)
        assert "any more: 1." in run("tickets", "revoke-links", *words)
        assert list(Link.scan()) == []
    assert invoke("tickets", "revoke-links").exit_code != 0
