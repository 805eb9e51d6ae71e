"""What one organisation wrote is found from no other: by no list, count, export or error.

Each request is made twice, on a desk before a ticket came that the reader may not see and after:
whoever may not see it gets the same answer, to the letter.
"""

import itertools

import pytest

from chalicelib.domain.permissions import Access
from chalicelib.handlers.pages.visit import Visit
from tests.cast import ADA
from tests.integration.full_desk import BEA
from tests.integration.routes import routes
from tests.integration.secret_desk import WORD, Desk, secret_desk
from tests.integration.secret_questions import (
    MINE,
    NAME_NOTHING,
    OF_THINGS,
    PAGES,
    SECRET_OR_SIGNED,
    VALUES,
    addresses,
    naming,
    parameters_of,
    writing,
)
from tests.integration.secret_reader import (
    WHO,
    Reader,
    answers,
    differences,
    known,
    readable,
    reader_named,
)

pytestmark = pytest.mark.usefixtures("cloud")

SIGHT = ("chalicelib.domain.permissions.can_read", "chalicelib.services.worklist.can_read")
LIKE_OTHERS = ("Gus Berg", "Tia Roos")  # limited as Bea and Kim are
ASKING = [
    pytest.param(one, marks=pytest.mark.exhaustive) if one in LIKE_OTHERS else one for one in WHO
]
FURNISHED: list[Desk] = []


@pytest.fixture
def desk() -> Desk:
    """Furnished once, and put back for each test."""
    if not FURNISHED:
        FURNISHED.append(secret_desk())
    FURNISHED[0].after.restore()
    return FURNISHED[0]


@pytest.mark.parametrize("who", ASKING)
def test_who_may_not_see_it_gets_the_same_answers_before_it_came_and_after(desk, who, monkeypatch):
    asked_of = watched(monkeypatch)
    reader = reader_named(who, desk)
    after = readable(desk, reader)
    assert differences(desk, reader, list(after), list(after.values())) == []
    assert len(after) > 100
    unnamed = {f"{path} takes {name}" for path, names in asked_of.items()
               for name in names - set(PAGES.get(path, ()))}  # fmt: skip
    assert unnamed == set()


@pytest.mark.parametrize("who", ASKING)
def test_no_step_and_no_form_tells_that_it_is_there(desk, who):
    reader = reader_named(who, desk)
    asked = list(writing(desk))
    assert differences(desk, reader, asked, answers(desk.after, reader, asked)) == []


def test_every_parameter_of_every_address_is_named_here():
    from chalicelib.handlers.api.endpoint import ENDPOINTS

    of_api = {name for one in ENDPOINTS if one.query for name in parameters_of(one.query)}
    of_pages = set(itertools.chain(*PAGES.values()))
    assert (of_api | of_pages) - set(VALUES) - set(OF_THINGS) - SECRET_OR_SIGNED == set()


def test_every_address_that_takes_a_form_of_many_is_tried_or_names_nothing():
    tried = {path for _, path, _ in naming(frozenset({"HD-0000000"}))}
    forms = [one for one in routes() if one.method != "GET" and one.access in MINE]
    named = (*NAME_NOTHING, "/api/v1/people/{person_id}")
    left = [one.path for one in forms if not one.is_of_a_ticket and one.path not in tried
            and not one.path.startswith(named)]  # fmt: skip
    assert left == []


def test_who_sees_all_finds_it_in_many_places(desk):
    ada = known(desk, Reader(ADA))
    desk.after.restore()
    plain_paths = {path for route in routes() if route.method == "GET"
                   for path in addresses(route, desk)}  # fmt: skip
    found = {path for path in plain_paths if WORD in ada.ask("GET", path)[1]}
    ticket = desk.ids["ticket_id"][-3]
    assert {"/api/v1/tickets", "/desk", f"/desk/tickets/{ticket}", f"/api/v1/tickets/{ticket}",
            f"/api/v1/tickets/{ticket}/timeline"} <= found  # fmt: skip
    assert len(found) >= 12


def test_the_test_itself_would_find_a_leak(desk, monkeypatch):
    bea = known(desk, Reader(BEA))
    for name in SIGHT:
        monkeypatch.setattr(name, lambda *_: True)
    after = readable(desk, bea)
    leaks = differences(desk, bea, list(after), list(after.values()))
    assert len(leaks) > 20
    assert any("/api/v1/tickets?" in one for one in leaks)
    assert any("/desk?" in one for one in leaks)


def watched(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """Which parameters each page really looks at, by its route."""
    seen: dict[str, set[str]] = {}
    plain_asked = Visit.asked

    def asked(visit: Visit, name: str) -> str | None:
        route = visit.incoming.request.context["resourcePath"]
        if Access.LEAD not in {one.access for one in routes() if one.path == route}:
            seen.setdefault(route, set()).add(name)
        return plain_asked(visit, name)

    monkeypatch.setattr(Visit, "asked", asked)
    return seen
