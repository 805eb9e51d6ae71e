"""Cookies as browsers send them: none can be planted within another, and odd ones drop no other."""

import pytest
from chalice.app import Request

from chalicelib.handlers.incoming import Incoming
from chalicelib.models.person import Person
from chalicelib.services import sessions
from tests.cast import ANA, BEN, MONDAY_9
from tests.factories import employ
from tests.integration.browser import Browser

pytestmark = pytest.mark.usefixtures("cloud")

ODD = ['a={"b":1}', "_flag", "path=1", 'x="a', 'x="a; y=b"', "a=b, c", "x=@é", "=nameless", ";;",
       "expires=Wed, 21 Oct", "a[0]=1", "$Version=1", "a\\=b", "k;ey=1",
       "\u2000__Host-sid=x"]  # fmt: skip


def cookies(header: str) -> dict[str, str]:
    event = {
        "headers": {"cookie": header}, "pathParameters": {}, "body": None, "stageVariables": {},
        "multiValueQueryStringParameters": None, "isBase64Encoded": False,
        "requestContext": {"httpMethod": "GET", "resourcePath": "/"},
    }  # fmt: skip
    return Incoming(Request(event), MONDAY_9).cookies


def session_of(actor) -> str:
    employ(actor)
    return sessions.start(Person.get(actor.id), MONDAY_9)


def test_a_gap_in_a_cookie_of_another_host_begins_none_of_ours():
    planted = session_of(BEN)
    answer = Browser().get("/account", cookie=f"theme=1 __Host-sid={planted}")
    assert answer.headers["Location"].startswith("/sign-in")


def test_a_planted_session_takes_the_place_of_none():
    planted, own = session_of(BEN), session_of(ANA)
    for header in (f"__Host-sid={own}; theme=1 __Host-sid={planted}",
                   f"theme=1 __Host-sid={planted}; __Host-sid={own}",
                   f"__Host-sid={own}; __Host-sid={planted}"):  # fmt: skip
        page = Browser().get("/account", cookie=header)
        assert page.status == 200
        assert ANA.name in page.text and BEN.name not in page.text


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_cookie_from_elsewhere_drops_none_of_ours(odd):
    own = session_of(ANA)
    for header in (f"{odd}; __Host-sid={own}", f"__Host-sid={own}; {odd}",
                   f"{odd};__Host-sid={own} "):  # fmt: skip
        assert Browser().get("/account", cookie=header).status == 200


def test_a_cookie_is_what_stands_between_its_first_sign_and_the_next_semicolon():
    found = cookies('a=b=c;\t d = "e f" ; a=later; alone; g="\\073"')
    assert found == {"a": "b=c", "d": '"e f"', "alone": "", "g": '"\\073"'}
