"""What somebody signed in asks by the portal's form, for themselves and in the name of others."""

import pytest

from chalicelib.models.ticket import Ticket
from chalicelib.services import limits, people
from tests.cast import ANA, OMAR, ROSA
from tests.factories import employ_everyone, entries_of
from tests.integration.browser import Browser, Page

pytestmark = pytest.mark.usefixtures("cloud")

REQUEST = {
    "subject": "The till is frozen",
    "stops": "stopped",
    "description": "Since nine. <b>Twice</b>.",
    "email": "rosa@shop.example",
}


def filed(browser: Browser, **typed: str) -> Page:
    return browser.submit(browser.get("/"), "/", **{**REQUEST, **typed})


def stored() -> list[Ticket]:
    return Ticket.asked_by(ROSA.id, None, 20)


@pytest.fixture
def omar() -> Browser:
    """A requester with an account."""
    people.add(OMAR.name, OMAR.email, OMAR.role)
    return Browser().sign_in(OMAR)


def test_a_signed_in_requester_asks_in_their_own_name_unmarked(omar):
    answer = filed(omar, email=OMAR.email)
    ticket = Ticket.get(answer.headers["Location"].rpartition("/")[2])
    assert not ticket.tags
    assert entries_of(ticket)[0].by["id"] == ticket.requester_id == OMAR.id


def test_who_asks_in_the_name_of_another_is_named_and_it_is_marked(omar):
    assert filed(omar).status == 303
    (ticket,) = stored()
    assert ticket.tags == ["unverified"]
    assert entries_of(ticket)[0].by == {"id": OMAR.id, "name": OMAR.name, "role": "requester"}
    employ_everyone()
    page = Browser().sign_in(ANA).get(f"/desk/tickets/{ticket.ticket_id}")
    assert f"filed by <bdi>{OMAR.name}</bdi>" in page.text


def test_who_asks_in_the_name_of_another_cannot_follow_it(omar):
    filed(omar)
    assert omar.get(f"/requests/{stored()[0].ticket_id}").status == 404


def test_the_name_of_another_has_its_limit_also_for_who_is_signed_in(omar, monkeypatch):
    monkeypatch.setattr(limits, "FORM_MAIL", limits.Rate("form-mail", 2, limits.HOUR))
    answers = [filed(omar) for _ in range(3)]
    assert [one.status for one in answers] == [303, 303, 429]
    assert "Since nine. &lt;b&gt;Twice&lt;/b&gt;." in answers[-1].text
    assert [filed(omar, email=OMAR.email).status for _ in range(3)] == [303] * 3


def test_staff_who_ask_for_somebody_are_named_and_not_marked(guest):
    employ_everyone()
    ana = guest.sign_in(ANA)
    assert filed(ana).status == 303
    (ticket,) = stored()
    assert not ticket.tags
    assert entries_of(ticket)[0].by == {"id": ANA.id, "name": ANA.name, "role": "agent"}
