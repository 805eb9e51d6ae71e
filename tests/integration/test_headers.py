"""What every answer tells browsers: each route and method, whatever is asked, errors included."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.config import config
from chalicelib.handlers.headers import OF_ASSETS, OF_DATA, OF_PAGES, with_files
from chalicelib.web import assets
from infra.local import resources, template
from infra.local.exchange import Refusals
from tests.cast import ADA
from tests.factories import a_ticket, employ, employ_everyone
from tests.integration.api import Api
from tests.integration.browser import Browser

pytestmark = pytest.mark.usefixtures("cloud")

OF_PROGRAMS = ("/api/", "/hooks/", "/openapi.json", "/healthz")
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
BODIES = {
    "nothing": ({}, b""),
    "a form of nobody": ({"content-type": FORM}, b"subject=x&csrf=forged"),
    "broken JSON": ({"content-type": JSON}, b'{"subject": '),
    "a strange type": ({"content-type": "text/xml"}, b"<!DOCTYPE x><x/>"),
    "another site's form": ({"content-type": FORM, "origin": "https://evil.example"}, b"a=b"),
    "not UTF-8": ({"content-type": FORM, "cookie": "__Host-sid=\xff"}, b"subject=%ff%00"),
    "a forged token": ({"authorization": "Bearer tl_forged", "content-type": JSON}, b"{}"),
}
UNSAFE_WORDS = re.compile(r"unsafe-|\*|http:|https:|data:|blob:")


def routes() -> list[tuple[str, str]]:
    from app import app

    return sorted((path, method) for path, methods in app.routes.items() for method in methods)


def filled(path: str) -> str:
    """An address of the route, of things that do not exist."""
    return re.sub(r"{\w+}", "nothing", path)


def missing(path: str, answer: Any) -> set[str]:
    """What the answer to a path should say and does not; pages may answer with data, too."""
    named = {name.lower(): value for name, value in answer.headers.items()}
    is_page = not path.startswith(OF_PROGRAMS) and named["content-type"].startswith("text/html")
    table = OF_PAGES if is_page else OF_DATA
    said = {name: named.get(name.lower()) for name in table if name != "Content-Type"}
    if is_page and said == without_type(with_files(OF_PAGES, config.files_host)):
        return set()  # files go from it to the bucket's own host, and to no other
    if not path.startswith(OF_PROGRAMS) and told(answer, OF_PAGES) == without_type(OF_PAGES):
        return set()  # data for who signed in, as a file
    return {name for name, value in said.items() if value != table[name]}


def told(answer: Any, table: dict[str, str]) -> dict[str, Any]:
    """What the answer says of all that the table says, but its own type."""
    names = {name.lower(): value for name, value in answer.headers.items()}
    return {name: names.get(name.lower()) for name in table if name != "Content-Type"}


def without_type(table: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in table.items() if name != "Content-Type"}


def asked(path: str, method: str, headers: dict[str, str], body: bytes) -> Any:
    from app import app

    return Client(app).http.request(method, path, headers=headers, body=body)


@pytest.mark.parametrize("kind", BODIES)
def test_every_route_tells_the_whole_table_to_whoever_asks_whatever(kind: str) -> None:
    headers, body = BODIES[kind]
    found = {
        (path, method): missing(path, asked(filled(path), method, headers, body))
        for path, method in routes()
    }
    assert len(found) > 100
    assert {route: left_out for route, left_out in found.items() if left_out} == {}


def test_pages_for_those_who_signed_in_tell_it_too() -> None:
    employ_everyone()
    employ(ADA)
    ticket = a_ticket()
    ada = Browser().sign_in(ADA)
    for path, method in routes():
        if method != "GET" or path.startswith((*OF_PROGRAMS, "/static/")):
            continue
        address = filled(path.replace("{ticket_id}", str(ticket.ticket_id)))
        answer = ada.get(address)
        assert answer.status < HTTPStatus.INTERNAL_SERVER_ERROR, address
        assert not missing(path, answer), address


def test_answers_to_programs_that_are_known_tell_it_too() -> None:
    employ(ADA)
    api = Api(ADA)
    for path, method in routes():
        if path.startswith("/api/"):
            answer = api.call(method, filled(path), {} if method != "GET" else None)
            assert not missing(path, answer), path


def test_an_error_that_nobody_foresaw_tells_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: Any, **_named: Any) -> None:
        raise RuntimeError("a secret of the inside")

    employ(ADA)
    monkeypatch.setattr("chalicelib.services.worklist.page", broken)
    page, answer = Browser().sign_in(ADA).get("/desk"), Api(ADA).get("/tickets")
    assert (page.status, answer.status) == (500, 500)
    assert told(page, OF_PAGES) == without_type(OF_PAGES)
    assert told(answer, OF_DATA) == without_type(OF_DATA)
    assert "a secret" not in page.text + answer.body.decode()


@pytest.mark.parametrize("bundle", assets.BUNDLES)
def test_our_own_files_may_be_kept_for_ever_and_are_nothing_else(bundle: str) -> None:
    answer = asked(assets.path_of(bundle), "GET", {}, b"")
    assert answer.status_code == HTTPStatus.OK
    assert told(answer, OF_ASSETS) == OF_ASSETS
    assert "immutable" in answer.headers["Cache-Control"]


def gateway_responses() -> dict[str, Any]:
    api = template.read(resources.DESCRIPTION)["Resources"]["RestAPI"]["Properties"]
    responses: dict[str, Any] = api["GatewayResponses"]
    return responses


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 415, 500, 502, 503])
def test_what_the_gateway_refuses_by_itself_tells_it_too(status: int) -> None:
    answer = Refusals(gateway_responses()).answer(HTTPStatus(status))
    assert told(answer, OF_DATA) == without_type(OF_DATA)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_no_kind_of_refusal_is_left_out() -> None:
    for kind, response in gateway_responses().items():
        given = response["ResponseParameters"]["Headers"]
        assert {name: f"'{value}'" for name, value in without_type(OF_DATA).items()}.items() <= (
            given.items()
        ), kind


def test_scripts_and_styles_come_from_our_own_files_only() -> None:
    for table in (OF_PAGES, OF_DATA, OF_ASSETS):
        policy = table["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in policy
        assert not UNSAFE_WORDS.search(policy)


def test_no_answer_names_the_program_that_gave_it() -> None:
    for path in ("/", "/healthz", "/nowhere-at-all"):
        names = {name.lower() for name in asked(path, "GET", {}, b"").headers}
        assert not names & {"server", "x-powered-by", "via"}


def templates() -> Iterator[Path]:
    return (Path(assets.FOLDER).parent / "templates").rglob("*.html")


def test_no_page_loads_anything_from_elsewhere() -> None:
    for path in templates():
        assert not re.search(r'(?:src|href)="(?:https?:)?//', path.read_text("utf-8")), path
