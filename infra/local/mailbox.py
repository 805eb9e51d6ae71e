"""Keeps the mail that the desk hands to SES: the emulator forgets it, and its headers."""

import json
import logging
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import chain
from pathlib import Path
from typing import Any

import boto3

log = logging.getLogger(__name__)

OPERATION = "sesv2.SendEmail"
SEEN_WITHIN = 2.0


class Mailbox:
    """Mail in the order in which it was sent, in a file of one JSON object a line."""

    def __init__(self, path: Path, endpoint: str, now: Callable[[], datetime]) -> None:
        self._path, self._now = path, now
        self._outbox = f"{endpoint}/_ministack/ses/messages"
        self._writing = threading.Lock()
        self._items = list(_read_lines(path))
        self._known = {item["id"] for item in self._items}

    def listen(self, session: boto3.Session) -> None:
        """Notes each mail as this session's clients, made from now on, send it."""
        session.events.register(f"before-parameter-build.{OPERATION}", _remember_parameters)
        session.events.register(f"after-call.{OPERATION}", self._note_sent)

    def items(self) -> list[dict[str, Any]]:
        """All mail, newest first, with what other processes sent through the emulator."""
        self.collect()
        return self._items[::-1]

    def collect(self, older_than: float = SEEN_WITHIN) -> None:
        """Copies from the emulator's outbox what was not seen when it was sent, seconds ago."""
        try:
            with urllib.request.urlopen(self._outbox, timeout=5) as answer:  # noqa: S310
                accounts = json.load(answer)["messages"]
        except (OSError, ValueError):
            log.exception("the outbox of the emulator cannot be read")
            return
        for message in chain.from_iterable(accounts.values()):
            if message["Timestamp"] <= time.time() - older_than:
                self._keep(_from_outbox(message))

    def _note_sent(self, parsed: dict[str, Any], context: dict[str, Any], **_call: Any) -> None:
        parameters = context.get("tierline_mail")
        if parameters and "MessageId" in parsed:
            sent_at = _text(self._now())
            self._keep({"id": parsed["MessageId"], **_from_call(parameters), "sent_at": sent_at})

    def _keep(self, item: dict[str, Any]) -> None:
        with self._writing:
            if item["id"] in self._known:
                return
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(item, ensure_ascii=False) + "\n")
            self._items.append(item)
            self._known.add(item["id"])


def _remember_parameters(params: dict[str, Any], context: dict[str, Any], **_call: Any) -> None:
    context["tierline_mail"] = dict(params)


def _from_call(parameters: dict[str, Any]) -> dict[str, Any]:
    raw = parameters["Content"]["Raw"]["Data"]
    message = message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
    to = parameters.get("Destination", {}).get("ToAddresses", [])
    return {
        "to": ", ".join(to),
        "from": str(message["From"]),
        "subject": str(message["Subject"]),
        "text": _part(message, "plain"),
        "html": _part(message, "html"),
        "headers": {name: str(value) for name, value in message.items()},
    }


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""


def _from_outbox(message: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": message["MessageId"],
        "to": ", ".join(message["To"]),
        "from": message["Source"],
        "subject": message["Subject"],
        "text": message["BodyText"] or "",
        "html": message["BodyHtml"] or "",
        "headers": {},
        "sent_at": _text(datetime.fromtimestamp(message["Timestamp"], UTC)),
    }


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """A line that a crash cut short is passed over, and ended before the next one."""
    if not path.exists():
        return
    content = path.read_text(encoding="utf-8", errors="replace")
    if content and not content.endswith("\n"):
        with path.open("a") as file:
            file.write("\n")
    for line in content.split("\n"):
        with suppress(ValueError):
            yield json.loads(line)
