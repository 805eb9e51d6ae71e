"""The addresses below /_local: the clock only moves forward, and other sites may not ask."""

import json
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from infra.local.addresses import Addresses
from infra.local.clock import LocalClock
from infra.local.exchange import Answer, Asked
from infra.local.mailbox import Mailbox

PORT = 8000
HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    made = Mailbox(tmp_path / "mail.jsonl", "http://127.0.0.1:1", lambda: NOON)
    made.collect = Mock()  # type: ignore[method-assign]
    return made


@pytest.fixture
def addresses(tmp_path: Path, mailbox: Mailbox) -> Addresses:
    pumps = Mock(settle=Mock(return_value=True), tallies=Mock(return_value=[]))
    app = Mock(return_value=Answer(200, b"the app"))
    return Addresses(PORT, app, mailbox, LocalClock(tmp_path / "clock.json"), pumps)


def ask(
    addresses: Addresses, path: str, body: Any = None, host: str = "127.0.0.1:8000", **headers: str
) -> Answer:
    method = "GET" if body is None else "POST"
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return addresses.respond(Asked(method, path, {"host": host, **headers}, content))


def send(mailbox: Mailbox, name: str, to: str = "alice@example.com") -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "help@example.com", to, "Grüße"
    message.set_content("See http://127.0.0.1:8000/requests/1")
    message.add_alternative('<a href="http://127.0.0.1:8000/requests/1">See</a>', subtype="html")
    content = {"Raw": {"Data": message.as_bytes()}}
    call = {"Content": content, "Destination": {"ToAddresses": [to]}}
    mailbox._note_sent({"MessageId": name}, {"tierline_mail": call})


def test_the_clock_moves_forward_and_is_remembered(addresses: Addresses, tmp_path: Path) -> None:
    said = json.loads(ask(addresses, "/_local/clock", {"advance_seconds": 3600}).body)
    assert (said["offset_seconds"], said["settled"]) == (3600, True)
    assert (LocalClock(tmp_path / "clock.json").now() - datetime.now(UTC)).seconds in (3599, 3600)


@pytest.mark.parametrize(
    "body", [b"", b"{", [], {}, *({"advance_seconds": n} for n in (-1, True, "1", None, 1e12))]
)
def test_a_step_that_makes_no_sense_is_refused(addresses: Addresses, body: Any) -> None:
    assert ask(addresses, "/_local/clock", body).status == 422
    assert json.loads(ask(addresses, "/_local/clock").body)["offset_seconds"] == 0


def test_pages_of_other_sites_may_not_ask(addresses: Addresses) -> None:
    step = {"advance_seconds": 1}
    assert ask(addresses, "/_local/mail", host="evil.example").status == 403
    assert ask(addresses, "/_local/clock", step, origin="https://evil.example").status == 403
    assert ask(addresses, "/_local/clock", step, origin="http://localhost:8000").status == 200


def test_mail_is_listed_newest_first_and_kept(
    addresses: Addresses, mailbox: Mailbox, tmp_path: Path
) -> None:
    send(mailbox, "first")
    send(mailbox, "second", to="bob@example.com")
    items = json.loads(ask(addresses, "/_local/mail").body)["items"]
    assert [item["id"] for item in items] == ["second", "first"]
    assert items[1]["subject"] == items[1]["headers"]["Subject"] == "Grüße"
    assert items[1]["sent_at"] == "2026-03-01T12:00:00.000Z"
    only = json.loads(ask(addresses, "/_local/mail?to=bob@example.com").body)["items"]
    assert [item["id"] for item in only] == ["second"]
    again = Mailbox(tmp_path / "mail.jsonl", "http://127.0.0.1:1", lambda: NOON)
    assert again._items == items[::-1]


def test_a_line_of_mail_that_a_crash_cut_short_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "mail.jsonl").write_text('{"id": "whole"}\n{"id": "ha')
    send(Mailbox(tmp_path / "mail.jsonl", "http://127.0.0.1:1", lambda: NOON), "next")
    kept = Mailbox(tmp_path / "mail.jsonl", "http://127.0.0.1:1", lambda: NOON)
    assert [item["id"] for item in kept._items] == ["whole", "next"]


def test_a_browser_reads_mail_in_a_frame_without_scripts(
    addresses: Addresses, mailbox: Mailbox
) -> None:
    send(mailbox, "first")
    answer = ask(addresses, "/_local/mail", **HTML)
    page = answer.body.decode()
    assert "script" not in answer.headers["Content-Security-Policy"]
    assert "allow-scripts" not in page
    assert 'srcdoc="&lt;base target=_blank&gt;&lt;a href=' in page
    assert '<a href="http://127.0.0.1:8000/requests/1"' in page


def test_what_the_app_writes_wakes_the_pumps(addresses: Addresses) -> None:
    assert ask(addresses, "/healthz").body == b"the app"
    addresses._pumps.wake.assert_not_called()  # type: ignore[attr-defined]
    ask(addresses, "/api/v1/tickets", {})
    addresses._pumps.wake.assert_called_once()  # type: ignore[attr-defined]
