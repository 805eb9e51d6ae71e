"""Who may do what: each role at each address, for what is their own, foreign and absent."""

import re
from typing import Any

import pytest

from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import Access
from chalicelib.handlers.pages import requests, settings_rooms, steps
from chalicelib.models.ticket import Ticket
from chalicelib.services import sessions, tokens
from tests.cast import ADA, ANA, LEA, MONDAY_9, OMAR, ROSA
from tests.integration.api import Api
from tests.integration.browser import Browser
from tests.integration.full_desk import BEA, FIA, GUS, IVO, KIM, full_desk
from tests.integration.routes import Route, routes, served

pytestmark = pytest.mark.usefixtures("cloud")

SEES = (ROSA, FIA, BEA, ANA, LEA, ADA)
RANKS = {
    ROSA: {Access.PERSON}, OMAR: {Access.PERSON},
    **{one: {Access.PERSON, Access.STAFF} for one in (FIA, GUS, BEA, KIM)},
    ANA: {Access.PERSON, Access.STAFF, Access.DESK},
    LEA: {Access.PERSON, Access.STAFF, Access.DESK, Access.LEAD},
    ADA: {Access.PERSON, Access.STAFF, Access.DESK, Access.LEAD, Access.ADMIN},
}  # fmt: skip
WHO = (
    None, ROSA, OMAR, GUS, BEA, ANA, LEA, ADA,
    *(pytest.param(one, marks=pytest.mark.exhaustive) for one in (FIA, KIM)),
)  # fmt: skip
ABSENT = "HD-0000000"
BODIES: dict[str, dict[str, Any]] = {
    "/replies": {"body": "Hello."},
    "/notes": {"body": "Hello."},
    "/calls": {"body": "Hello."},
    "/escalation": {"reason": "Too hard for us.", "tried": "All."},
    "/de-escalation": {"reason": "Easy."},
    "/deadlines/resolution": {"due_at": "2026-12-24T12:00:00Z", "reason": "As agreed."},
    "/assignment": {"assignee": "me"},
    "/hold": {"reason": "third_party"},
    "/resolution": {"summary": "Switched it on."},
    "/cancellation": {"reason": "Spam."},
    "/transfer": {"team": "field"},
    "PATCH": {"subject": "Another"},
}  # fmt: skip
FORM = {"version": "1", "body": "Hello.", "reason": "Because.", "summary": "Done.",
        "tier": "2", "to": "team:field", "target": "resolution", "whom": "lead",
        "kind": "note", "assignee": "me"}  # fmt: skip
LAST = ("DELETE",)  # and of these the longest addresses first: what they are about is then there
OF_ROSA = ("/api/v1/people/me/sessions/", "/api/v1/people/me/tokens/")
FOR_SOME = ("/acknowledgement", f"/{IVO.id}/availability")  # whom it called; oneself and leads
CHANGES = r'name="csrf" value="[^"]*"|please quote <span class="mono">[^<]*'  # from page to page


@pytest.fixture
def desk() -> dict[str, str]:
    return full_desk()


def test_every_address_says_who_may_come_to_it():
    assert {(one.path, one.method) for one in routes()} == served()


@pytest.mark.parametrize("actor", WHO, ids=lambda one: one.name if one else "nobody")
def test_nobody_comes_where_they_may_not_and_what_is_foreign_looks_absent(desk, actor):
    tried, leaks = in_order(desk), []
    for route, path in tried:
        wrong = fault(route, path, actor, desk)
        leaks += [f"{route.method} {path}: {wrong}"] if wrong else []
    assert not leaks, "\n".join(leaks)
    assert len(tried) > 200


def test_every_ticket_that_may_not_be_seen_is_found_in_no_list(desk):
    for actor in RANKS:
        found = Api(token=token_of(actor)).get("/tickets?limit=100").json["items"]
        assert (desk["ticket_id"] in [one["id"] for one in found]) == (actor in SEES), actor.name


def fault(route: Route, path: str, actor: Actor | None, desk: dict[str, str]) -> str | None:
    """What is wrong with the answer, if anything."""
    status, body = ask(route, path, actor)
    wanted = expected(route, path, actor)
    if status >= 500:
        return f"broke with {status}"
    if wanted == "in" and path.endswith(FOR_SOME) and status == 403:
        return None
    if wanted == "in":
        return None if status not in (401, 403, 404) else f"was kept out with {status}"
    if wanted == "out":
        kept = (401, 303) if actor is None else (403,)
        return None if status in kept else f"came in with {status}"
    absent = ask(route, path.replace(desk["ticket_id"], ABSENT), actor)
    seen = (status, body.replace(desk["ticket_id"], ABSENT))
    if status not in (303, 404) or seen != absent:
        return f"saw what is not theirs: {status} is not {absent[0]}"
    return None


def expected(route: Route, path: str, actor: Actor | None) -> str:
    access = access_of(route, path)
    if actor is None or (access is not Access.GUEST and access not in RANKS[actor]):
        return "out"
    if path.startswith(OF_ROSA):
        return "in" if actor is ROSA else "absent"
    return "in" if not route.is_of_a_ticket or actor in SEES else "absent"


def access_of(route: Route, path: str) -> Access:
    """Sections of the settings may be for fewer than all of them are."""
    if "{section}" not in route.path:
        return route.access
    return settings_rooms.SECTIONS[path.split("/")[2]].access


def in_order(desk: dict[str, str]) -> list[tuple[Route, str]]:
    """Every address that not everybody may come to; what takes something away comes last."""
    guarded = [one for one in routes() if one.access not in (Access.ANYONE, Access.KEY)]
    found = [(one, path) for one in guarded for path in addresses(one, desk)]

    def place(one: tuple[Route, str]) -> tuple[bool, bool, int, Route, str]:
        route, path = one
        return not path.startswith(OF_ROSA), route.method in LAST, -len(path), route, path

    return sorted(found, key=place)


def addresses(route: Route, desk: dict[str, str]) -> list[str]:
    """Those of things that there are, and of every step and section."""
    if "{section}" in route.path:
        return [route.path.format(section=one, name=desk.get(one, "new")) for one in of(route)]
    if "{step}" in route.path:
        return [route.path.format(step=one, **desk) for one in of(route)]
    return [route.path.format(**desk)]


def of(route: Route) -> list[str]:
    """The steps or sections that an address stands for, if it takes this method."""
    if route.path.startswith("/requests/"):
        return [one for one in requests.STEPS if one != "pass"]  # by a key, in its own tests
    if route.path.startswith("/desk/"):
        return list(steps.STEPS)
    part = ("change_" if route.method == "POST" else "") + (
        "one" if "{name}" in route.path else "all"
    )
    return [name for name, one in settings_rooms.SECTIONS.items() if getattr(one, part)]


def token_of(actor: Actor) -> str:
    if actor not in TOKENS:
        TOKENS[actor] = tokens.issue(actor.id, "test", MONDAY_9)
    return TOKENS[actor]


TOKENS: dict[Actor, str] = {}


@pytest.fixture(autouse=True)
def forget_tokens():
    TOKENS.clear()


def ask(route: Route, path: str, actor: Actor | None) -> tuple[int, str]:
    if route.is_api:
        return ask_api(route, path, actor)
    browser = Browser().sign_in(actor) if actor else Browser()
    if route.method == "GET":
        page = browser.get(path)
    else:
        page = browser.post(path, {**form_of(path), "csrf": csrf_of(browser, actor)})
    return page.status, re.sub(CHANGES, "", page.text)


def form_of(path: str) -> dict[str, str]:
    return {"do": "again"} if path.startswith("/settings/jobs/") else FORM


def ask_api(route: Route, path: str, actor: Actor | None) -> tuple[int, str]:
    api = Api(token=token_of(actor) if actor else None)
    version = Ticket.find(path.split("/")[4]) if route.is_of_a_ticket else None
    sent = next((body for end, body in BODIES.items() if path.endswith(end)), None)
    sent = BODIES["PATCH"] if route.method == "PATCH" else sent
    body = None if route.method in ("GET", "DELETE") else sent or {}
    headers = {"If_Match": f'"{int(version.version) if version else 1}"'}
    answer = api.call(route.method, path, body, **headers)
    return answer.status, re.sub(r'"request_id":"[^"]*"', "", answer.body.decode())


def csrf_of(browser: Browser, actor: Actor | None) -> str:
    if actor is None:
        return ""
    return sessions.by_secret(browser.cookies["__Host-sid"], MONDAY_9).csrf
