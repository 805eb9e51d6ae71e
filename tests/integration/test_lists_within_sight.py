"""Lists of who sees a part of the tickets: they tell nothing of the rest, and leave nothing out."""

import base64
import re

import pytest

from chalicelib.domain.people import Actor
from chalicelib.domain.vocabulary import Role
from chalicelib.handlers.pages import goals
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket
from chalicelib.services import people, views, worklist
from tests.cast import ADA, ANA, MONDAY_9, ROSA
from tests.factories import a_ticket, employ, token_for
from tests.integration.api import Api

pytestmark = pytest.mark.usefixtures("cloud")

BEA = Actor("P-BEA", "Bea Roux", Role.AGENT, "bea@desk.example")  # sees Lyon only
LIST = "/tickets?limit=1"
OF_ROSA = f"{LIST}&requester={ROSA.email}"


@pytest.fixture
def bea() -> Api:
    api = Api(token=token_for(BEA))
    employ(BEA, tiers=[1], sees={"branches": ["lyon"]})
    return api


def in_lyon_and_elsewhere(*branches: str) -> list[str]:
    """The ids of Rosa's tickets, the first one the most urgent and the newest."""
    return [a_ticket(branch=one).ticket_id for one in branches][::-1]


def all_pages(api: Api, path: str) -> list[str]:
    found, cursor = [], None
    for _ in range(20):
        page = api.get(f"{path}&cursor={cursor}" if cursor else path).json
        found += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            return found
    raise AssertionError("the list has no end")


def ids_in(cursor: str) -> list[str]:
    payload = cursor.partition(".")[0]
    plain = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode()
    return re.findall(r"HD-\w{7}", plain)


@pytest.mark.parametrize("path", [LIST, OF_ROSA])
def test_there_is_a_next_page_only_for_whom_there_is_more(bea, path):
    in_lyon_and_elsewhere("porto", "lyon", "porto")
    assert bea.get(path).json["next"] is None
    in_lyon_and_elsewhere("lyon", "porto")
    assert bea.get(path).json["next"]


@pytest.mark.parametrize("path", [LIST, OF_ROSA])
@pytest.mark.parametrize("examined", [1, 2, 1000])
def test_pages_lead_past_what_is_not_theirs_to_all_that_is(bea, path, examined, monkeypatch):
    if path == LIST:
        monkeypatch.setattr(worklist, "EXAMINED_AT_MOST", examined)
    made = in_lyon_and_elsewhere("porto", "lyon", "porto", "porto", "lyon", "porto", "lyon")
    mine = [one for one in made if Ticket.get(one).branch == "lyon"]
    found = all_pages(bea, path)
    assert sorted(found) == sorted(mine)


def test_a_cursor_names_no_ticket_that_they_may_not_see(bea, monkeypatch):
    monkeypatch.setattr(worklist, "EXAMINED_AT_MOST", 1)
    in_lyon_and_elsewhere("porto", "porto", "lyon")
    cursor = bea.get(LIST).json["next"]
    assert cursor and ids_in(cursor) == []
    assert ids_in(Api(ADA).get(LIST).json["next"])  # so this test would see one


def test_nothing_of_somebody_they_may_not_see_is_there(bea):
    in_lyon_and_elsewhere("porto", "porto")
    assert bea.get(OF_ROSA).json == {"items": [], "next": None}


def test_how_many_tickets_colleagues_hold_is_told_to_who_sees_them_only():
    employ(ANA, BEA, ADA)
    employ(BEA, tiers=[1], sees={"branches": ["lyon"]})
    limited = people.actor_of(Person.get(BEA.id))
    assert "Ana Costa · tier 1" in _words(limited)
    assert "of 8" not in " ".join(_words(limited))
    assert "Ana Costa · tier 1 · 0 of 8" in _words(ADA)


def test_a_requester_is_told_neither_of_the_parent_nor_of_links_for_the_desk():
    ticket = a_ticket()
    ticket.parent, ticket.links = "HD-0000000", [{"text": "Runbook", "href": "https://x.example"}]
    view = views.ticket_view(ticket, MONDAY_9, "")
    assert (view["parent"], len(view["links"])) == ("HD-0000000", 1)
    told = views.for_reader(view, ROSA)
    assert (told["parent"], told["links"]) == (None, [])


def _words(agent: Actor) -> list[str]:
    (_, options), *_ = goals.choices(agent, MONDAY_9)
    return [words for _, words in options]
