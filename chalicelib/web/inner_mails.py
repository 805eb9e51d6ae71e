"""Mails to the desk's own people: a page to who is on call, and news of what they watch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.web.mail_times import in_words
from chalicelib.web.narration import narrate
from chalicelib.web.sla_words import in_zone
from chalicelib.web.times import zone_of
from chalicelib.web.tracker import promised_at, solved_by

Data = Mapping[str, Any]
SPOKE = {
    "reply": "wrote to the requester",
    "note": "left an internal note",
    "call": "talked with the requester",
}
CALLED_FOR = (
    "you are on call",
    "you are the backup, and who is on call has not answered",
    "you are a lead, and nobody on call has answered",
    "you are of the management, and nobody has answered",
)
GOES_UP_TO = ("the backup", "the leads", "the managers")


def page(ticket: Data, entry: Data, zone: str | None) -> dict[str, Any]:
    """Read at night on a small screen: what, by when, and one link."""
    data, due = entry["data"], promised_at(ticket) or solved_by(ticket)
    step, until = data.get("step", 0), data.get("ack_by")
    return {
        "subject": f"{ticket['priority']} {ticket['id']} needs you: {ticket['subject']}",
        "ticket": ticket,
        "why": CALLED_FOR[step] if step in range(len(CALLED_FOR)) else "you are next in line",
        "due": in_words(due, zone) if due else None,
        "until": in_words(until, zone) if until else None,
        "then": GOES_UP_TO[step] if step in range(len(GOES_UP_TO)) else None,
    }


def watched(ticket: Data, entry: Data, zone: str | None) -> dict[str, Any]:
    """Watchers work here: they read the internal notes as well."""
    kind, data = entry["kind"], entry["data"]
    line = SPOKE.get(kind) or narrate(entry)["text"]
    by_requester = kind == "reply" and entry["by"]["role"] == "requester"
    return {
        "subject": f"[{ticket['id']}] {ticket['subject']}",
        "ticket": ticket,
        "who": entry["by"]["name"],
        "what": "wrote to us" if by_requester else in_zone(line, zone_of({"time_zone": zone})),
        "body": data.get("body") or data.get("note") or "",
        "inner": kind in ("note", "call"),
    }


FACTS = {"page": page, "watched": watched}
