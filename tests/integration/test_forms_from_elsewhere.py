"""Forms that a foreign page sends in a visitor's name: refused by every page, whoever it is."""

import re
from typing import Any

import pytest
from chalice.app import Request

from chalicelib.config import config
from chalicelib.domain.permissions import Access
from chalicelib.handlers.incoming import Incoming, origin_of
from tests.cast import ADA, ANA, MONDAY_9
from tests.factories import a_ticket, employ, employ_everyone
from tests.integration.browser import Browser
from tests.integration.routes import Route, routes

pytestmark = pytest.mark.usefixtures("cloud")

OURS = "https://desk.example"
ELSEWHERE = [
    {"sec_fetch_site": "cross-site"},
    {"sec_fetch_site": "same-site"},
    {"sec_fetch_site": "cross-site", "origin": OURS},
    {"sec_fetch_site": "same-origin", "origin": "https://evil.example"},
    {"sec_fetch_site": "", "origin": "https://evil.example"},
    {"sec_fetch_site": "", "origin": "null"},
    {"sec_fetch_site": "", "origin": "http://desk.example"},
    {"sec_fetch_site": "", "origin": "https://desk.example:8443"},
    {"sec_fetch_site": "", "origin": "https://desk.example.evil.example"},
    {"sec_fetch_site": "", "origin": "https://evil.example", "host": "evil.example"},
]
FROM_US = [
    {"sec_fetch_site": "same-origin"},
    {"sec_fetch_site": "none"},
    {"sec_fetch_site": "", "origin": OURS},
    {"sec_fetch_site": "same-origin", "origin": f"{OURS}:443"},
]


def sendable() -> list[Route]:
    return [one for one in routes() if one.is_page and one.method != "GET"]


def address(route: Route, ticket_id: str) -> str:
    ids = {"ticket_id": ticket_id, "step": "messages"}
    return re.sub(r"{(\w+)}", lambda found: ids.get(found[1], "anything"), route.path)


def signed_in() -> tuple[Browser, dict[str, str], str]:
    """A browser, a form with its own token, and a ticket."""
    employ_everyone()
    employ(ADA)
    ticket, ada = a_ticket(), Browser().sign_in(ADA)
    page = ada.get(f"/desk/tickets/{ticket.ticket_id}")
    form = page.forms[f"/desk/tickets/{ticket.ticket_id}/messages"]
    return ada, {**form, "kind": "note", "body": "Written elsewhere."}, str(ticket.ticket_id)


@pytest.mark.parametrize("said", ELSEWHERE, ids=str)
def test_every_page_refuses_a_form_from_elsewhere_even_with_the_right_token(said: Any) -> None:
    ada, form, ticket_id = signed_in()
    assert len(sendable()) > 20
    for route in sendable():
        answer = ada.post(address(route, ticket_id), form, **said)
        assert answer.status == 403, route


def test_every_page_refuses_a_form_without_the_visitors_own_token() -> None:
    ada, form, ticket_id = signed_in()
    foreign = Browser().sign_in(ANA).get(f"/desk/tickets/{ticket_id}").forms
    of_ana = foreign[f"/desk/tickets/{ticket_id}/messages"]["csrf"]
    for route in sendable():
        if route.access is Access.KEY:
            continue  # asks for no cookie: what it takes, its own key allows
        for token in ("", " ", "forged", of_ana, form["csrf"][:-1], form["csrf"] + "=", "\ud800"):
            body = {**form, "csrf": token.encode("utf-8", "replace").decode()}
            assert ada.post(address(route, ticket_id), body).status == 403, route


def test_where_a_cookie_speaks_for_somebody_a_browser_has_to_say_where_it_comes_from() -> None:
    ada, form, ticket_id = signed_in()
    for route in sendable():
        if route.access is not Access.KEY:
            silent = ada.post(address(route, ticket_id), form, sec_fetch_site="")
            assert silent.status == 403, route


@pytest.mark.parametrize("said", FROM_US, ids=str)
def test_our_own_forms_are_taken(said: Any) -> None:
    ada, form, ticket_id = signed_in()
    assert ada.post(f"/desk/tickets/{ticket_id}/messages", form, **said).status == 303


@pytest.mark.parametrize("said", ELSEWHERE, ids=str)
def test_a_visitor_whom_nobody_knows_is_not_made_to_send_a_form_either(said: Any) -> None:
    ticket = a_ticket()
    for path in ("/", "/sign-in", f"/on-call/{ticket.ticket_id}",
                 f"/requests/{ticket.ticket_id}/pass"):  # fmt: skip
        assert Browser().post(path, {"key": "k" * 43}, **said).status == 403, path


@pytest.mark.parametrize("said", [*FROM_US, {"sec_fetch_site": ""}], ids=str)
def test_a_program_without_a_cookie_may_send_the_form_of_the_portal(said: Any) -> None:
    guest = Browser()
    answer = guest.post("/", {**guest.get("/").forms["/"], "subject": ""}, **said)
    assert answer.status == 422  # it was read


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example", "https://A.example:443/x", True),
        ("http://localhost:8000", "http://127.0.0.1:8000", True),
        ("http://[::1]:8000", "http://localhost:8000", True),
        ("http://localhost:8000", "http://localhost:9000", False),
        ("http://localhost", "https://localhost", False),
        ("https://a.example", "https://a.example.evil.example", False),
        ("null", "https://a.example", False),
        ("https://a.example:x", "https://a.example", False),
    ],
)
def test_an_origin_is_scheme_machine_and_port(one: str, other: str, same: bool) -> None:
    assert (origin_of(one) == origin_of(other)) is same


def incoming(headers: dict[str, str], **context: Any) -> Incoming:
    event = {
        "path": "/x", "multiValueQueryStringParameters": None, "headers": headers,
        "pathParameters": {}, "body": "", "isBase64Encoded": False, "stageVariables": None,
        "requestContext": {"httpMethod": "GET", "resourcePath": "/x", "path": "/x", **context},
    }  # fmt: skip
    return Incoming(Request(event), MONDAY_9)


@pytest.fixture
def unnamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that was not told its own address."""
    monkeypatch.setenv("PUBLIC_URL", "")
    config.reload()  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _known_again() -> Any:
    yield
    config.reload()  # type: ignore[attr-defined]


FORGED = {"host": "evil.example", "x-forwarded-proto": "http", "x-forwarded-host": "evil.example"}


def test_what_a_header_claims_is_not_our_address() -> None:
    assert incoming(FORGED).base_url == OURS


@pytest.mark.usefixtures("unnamed")
def test_a_desk_that_was_not_told_its_address_has_it_from_the_gateway() -> None:
    asked = incoming(FORGED, domainName="abc.execute-api.example", path="/api/x")
    assert asked.base_url == "https://abc.execute-api.example/api"


@pytest.mark.usefixtures("unnamed")
@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1@evil", ""])
def test_without_a_gateway_it_is_this_machine(host: str) -> None:
    assert incoming({**FORGED, "host": host}).base_url == "http://localhost"
    assert incoming({"host": "127.0.0.1:8000"}).base_url == "http://127.0.0.1:8000"
