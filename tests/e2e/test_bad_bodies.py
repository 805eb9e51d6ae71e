"""Whatever arrives over a real connection gets a plain answer, and never a 500."""

import json
import re
import socket
from itertools import product
from urllib.parse import urlencode, urlsplit

import pytest

from tests.e2e.calls import API, new_ticket
from tests.e2e.local_desk import LocalDesk

MEGABYTE = 1 << 20
GOOD = json.dumps(new_ticket()).encode()
FORM = "application/x-www-form-urlencoded"
BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "not UTF-8": b'{"subject": "\xff\xfe"}',
    "half a letter": "é".encode()[:1],
    "NUL": GOOD.replace(b"morning", b"morning\\u0000"),
    "a raw NUL": GOOD.replace(b"morning", b"mor\0ning"),
    "a lone surrogate": GOOD.replace(b"morning", b"\\ud800"),
    "NaN": GOOD[:-1] + b', "impact": NaN}',
    "a list": b"[]",
    "a number of ten thousand digits": b"1" * 10_000,
    "deeply nested": b"[" * 50_000,
    "an unknown field": GOOD[:-1] + b', "colour": "red"}',
    "a form's": b"subject=%ff%fe&description=%00&email=a@b.example&stops=slow",
    "a thousand fields": b"&".join(b"a%d=1" % one for one in range(1000)),
    "a megabyte": GOOD.replace(b"morning", b"x" * MEGABYTE),
}
PATHS = ["/", "/sign-in", "/sign-out", f"{API}/tickets", f"{API}/tickets/HD-ABCDEFG/replies",
         "/requests/HD-ABCDEFG/replies", "/requests/HD-ABCDEFG/pass",
         "/desk/tickets/HD-ABCDEFG/messages"]  # fmt: skip
TYPES = ["application/json", FORM, "text/plain", "", "multipart/form-data; boundary=x", "\xe9/*"]
FIELDS = [
    b"body=%00&version=1&kind=reply",
    b"body=%ff%fe&version=1&kind=reply",
    b"body=%ed%a0%80&version=1&kind=reply",
    b"body=ok&version=-1&kind=nothing",
    b"body=ok&version=NaN&kind=reply",
    b"body=ok&version=99999999999999999999999&kind=reply&status=closed",
    b"body=&version=1&kind=note",
    b"body=" + b"x" * 10_001 + b"&version=1&kind=reply&status=",
    b"version=1&assignee=P-NOBODY&reason=%0b&summary=%1b&until=0001-01-01T00:00",
    b"version=1&reason=until&until=9999-12-31T23:59&assignee=%F0%9F%98%80&summary=%7f",
]
LENGTHS = ["-5", "abc", "5, 6", "+5", "0x10", "5\r\nContent-Length: 6", "1e3", "5 5",
           "9" * 30, "5\r\nTransfer-Encoding: chunked", "٣"]  # fmt: skip


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_bad_body_is_refused_everywhere_and_breaks_nothing(desk: LocalDesk, body: bytes) -> None:
    ana = desk.call("ana")
    for path, kind in product(PATHS, TYPES[:3] if len(body) > MEGABYTE else TYPES):
        got = ana.send("POST", path, body, Content_Type=kind)
        asks_who = got.status == 303 and got.headers["Location"] in ("/", "/sign-in")
        assert asks_who or 400 <= got.status < 500, (path, kind, got.status, got.text[:300])


@pytest.mark.parametrize("typed", FIELDS, ids=lambda typed: typed[:40].decode())
def test_bad_fields_in_an_agents_form_are_refused_and_nothing_is_stored(
    desk: LocalDesk, typed: bytes
) -> None:
    cookie, csrf = signed_in(desk, "ben")
    number = desk.call("ana").open_ticket()["id"]
    for step in ("messages", "assignment", "escalation", "hold", "resolution"):
        path, form = f"/desk/tickets/{number}/{step}", f"csrf={csrf}&".encode() + typed
        got = desk.call().send(
            "POST", path, form, Content_Type=FORM, Cookie=cookie, Origin=desk.base_url
        )
        assert got.status in (400, 409, 422), (step, got.status, got.text[-900:])
    assert set(desk.call("ana").kinds(number)) <= {"opened", "assigned", "unstaffed"}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_bad_body_of_the_api_is_answered_by_a_problem(desk: LocalDesk, body: bytes) -> None:
    got = desk.call("ana").send("POST", f"{API}/tickets", body)
    assert got.headers["Content-Type"] == "application/problem+json"
    problem = got.json()
    assert problem["status"] == got.status and problem["title"] and problem["request_id"]
    assert got.status != 422 or all(one["detail"] for one in problem["errors"])


@pytest.mark.parametrize("length", LENGTHS)
def test_a_forged_length_is_refused(desk: LocalDesk, length: str) -> None:
    head = f"POST {API}/tickets HTTP/1.1\r\nHost: desk\r\nContent-Length: {length}\r\n\r\n"
    assert status_of(desk, head.encode() + b"hello") in (400, 413)


def test_a_body_that_stays_short_of_its_length_is_refused(desk: LocalDesk) -> None:
    head = f"POST {API}/tickets HTTP/1.1\r\nHost: desk\r\nContent-Length: 900\r\n\r\n"
    assert status_of(desk, head.encode() + GOOD) == 400


def test_a_subject_of_ten_thousand_characters_is_refused_with_its_field(desk: LocalDesk) -> None:
    got = desk.call("ana").post(f"{API}/tickets", new_ticket(subject="x" * 10_000))
    assert got.status == 422
    assert [one["pointer"] for one in got.json()["errors"]] == ["/subject"]


@pytest.mark.parametrize("head", [b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"\r\n\r\n\r\n",
                                  b"GET / HTTP/9.9\r\n\r\n", b"G" * 70_000])  # fmt: skip
def test_what_is_no_http_ends_only_its_own_connection(desk: LocalDesk, head: bytes) -> None:
    assert status_of(desk, head) in (None, 400, 404)
    assert desk.call().get("/healthz").status == 200


def signed_in(desk: LocalDesk, name: str) -> tuple[str, str]:
    """The cookie of somebody's session, and the token that its forms carry."""
    person, caller = desk.person(name), desk.call()
    typed = urlencode({"email": person["email"], "password": person["password"]}).encode()
    cookie = caller.send("POST", "/sign-in", typed, Content_Type=FORM).headers["Set-Cookie"]
    found = re.search(r'name="csrf" value="([^"]+)"', caller.get("/desk", Cookie=cookie).text)
    assert found is not None
    return cookie.partition(";")[0], found[1]


def status_of(desk: LocalDesk, raw: bytes) -> int | None:
    """The status that raw bytes get; None when there is none: to what is no HTTP/1, or no more."""
    place = urlsplit(desk.base_url)
    with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := connection.recv(65_536):
            answer += chunk
    found = re.match(rb"HTTP/1\.[01] (\d{3}) ", answer)
    return int(found[1]) if found else None
