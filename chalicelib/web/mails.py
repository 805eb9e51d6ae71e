"""Mails in words: from the facts of a letter to a subject, a plain text and an HTML body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.config import config
from chalicelib.domain.letters import Letter, Mail
from chalicelib.web.fields import is_unseen
from chalicelib.web.narration import cause
from chalicelib.web.rendering import render
from chalicelib.web.times import written as written_time
from chalicelib.web.times import zone_of
from chalicelib.web.tracker import promised_at

SUBJECT_AT_MOST = 150


def written(letter: Letter) -> Mail:
    """The mail for a letter of any kind."""
    name = str(letter.kind)
    facts = {**FACTS[name](letter.ticket, letter.entry), "link": letter.link}
    return Mail(
        to=letter.to,
        subject=one_line(facts["subject"]),
        text=render(f"mail/{name}.txt.j2", **facts),
        html=render(f"mail/{name}.html.j2", **facts),
        headers={"References": thread_of(letter.ticket["id"])},
    )


def acknowledgement(ticket: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    """Goes to an address nobody has proven: nothing that the sender wrote may be in it."""
    return {
        "subject": f"We have your request {ticket['id']}",
        "ticket_id": ticket["id"],
        "promise": promise(ticket),
    }


def reply(ticket: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "subject": f"[{ticket['id']}] {ticket['subject']}",
        "ticket_id": ticket["id"],
        "agent": entry["by"]["name"],
        "body": entry["data"]["body"],
        "solved": entry["data"].get("status") == "resolved",
    }


def resolved(ticket: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "subject": f"[{ticket['id']}] Solved: {ticket['subject']}",
        "ticket_id": ticket["id"],
        "agent": entry["by"]["name"],
        "body": entry["data"].get("summary") or "",
    }


def escalated(ticket: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    """To leads and managers: they may read everything."""
    data = entry["data"]
    by_clock = bool(data.get("step"))
    return {
        "subject": f"{'Late' if by_clock else 'For you'}: {ticket['id']} {ticket['subject']}",
        "ticket": ticket,
        "heading": "A request is late" if by_clock else "A request needs you",
        "why": cause(data) if by_clock else str(data.get("reason") or ""),
        "by": None if entry["by"]["role"] == "system" else entry["by"]["name"],
        "whom": "manage" if data.get("told") == "manager" else "lead",
    }


FACTS = {
    "acknowledgement": acknowledgement,
    "reply": reply,
    "resolved": resolved,
    "escalated": escalated,
}


def promise(ticket: Mapping[str, Any]) -> str | None:
    """The promised time in the requester's own zone, else in UTC."""
    due = promised_at(ticket)
    zone_name = ticket["requester"].get("time_zone")
    zone = zone_of({"time_zone": zone_name})
    if due is None:
        return None
    return f"{written_time(due, 'moment', zone)}{f' ({zone_name})' if zone else ''}"


def one_line(text: str) -> str:
    """A header's value: no line ends, no controls, not endless."""
    seen = "".join(" " if is_unseen(char) else char for char in text)
    line = " ".join(seen.split())
    return line if len(line) <= SUBJECT_AT_MOST else line[: SUBJECT_AT_MOST - 1] + "…"


def thread_of(ticket_id: str) -> str:
    """One thread a ticket in every mail program."""
    domain = config.mail_from.rpartition("@")[2]
    return f"<{ticket_id.lower()}@{domain}>"
