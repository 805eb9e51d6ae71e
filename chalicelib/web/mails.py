"""Mails in words: from the facts of a letter to a subject, a plain text and an HTML body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.config import config
from chalicelib.domain.letters import Letter, Mail
from chalicelib.web import inner_mails
from chalicelib.web.display import NO_TEXT, shown
from chalicelib.web.mail_times import in_words, spelled
from chalicelib.web.narration import cause
from chalicelib.web.rendering import render
from chalicelib.web.tracker import believable

SUBJECT_AT_MOST = 150


def written(letter: Letter) -> Mail:
    """The mail for a letter of any kind."""
    name = str(letter.kind)
    facts = {**facts_of(letter), "link": letter.link}
    return Mail(
        to=letter.to,
        subject=one_line(facts["subject"]),
        text=render(f"mail/{name}.txt.j2", **facts),
        html=render(f"mail/{name}.html.j2", **facts),
        headers={"References": thread_of(letter.ticket["id"])} if letter.ticket else {},
    )


def facts_of(letter: Letter) -> dict[str, Any]:
    """What a letter of its kind says; those to staff are written in the reader's own zone."""
    name = str(letter.kind)
    if name in inner_mails.FACTS:
        return inner_mails.FACTS[name](letter.ticket, letter.entry, letter.zone)
    ticket = {**letter.ticket, "subject": letter.ticket.get("subject") if letter.proven else None}
    return FACTS[name](ticket if name in TO_REQUESTERS else letter.ticket, letter.entry)


def acknowledgement(ticket: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    """Goes to an address nobody has proven: nothing that the sender wrote may be in it."""
    return {
        "subject": f"We have your request {ticket['id']}",
        "ticket_id": ticket["id"],
        "promise": promise(ticket),
    }


def waiting(ticket: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    """To the same address; so nothing of the sender's is in it either."""
    return {
        "subject": f"Your request {ticket['id']} has to wait",
        "ticket_id": ticket["id"],
        "promise": promise(ticket),
        "expected": expected(ticket),
    }


def reply(ticket: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "subject": titled(ticket, "", f"We have answered your request {ticket['id']}"),
        "ticket_id": ticket["id"],
        "agent": entry["by"]["name"],
        "body": entry["data"]["body"],
        "solved": entry["data"].get("status") == "resolved",
    }


def resolved(ticket: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "subject": titled(ticket, "Solved: ", f"Your request {ticket['id']} is solved"),
        "ticket_id": ticket["id"],
        "agent": entry["by"]["name"],
        "body": entry["data"].get("summary") or "",
    }


def own_link(ticket: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"subject": "Your link to all your requests"}


def titled(ticket: Mapping[str, Any], prefix: str, otherwise: str) -> str:
    """What was asked, in a subject; to an address that nobody has proven, words of our own."""
    subject = ticket["subject"]
    return f"[{ticket['id']}] {prefix}{subject}" if subject else otherwise


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
    "waiting": waiting,
    "reply": reply,
    "resolved": resolved,
    "own_link": own_link,
    "escalated": escalated,
}
TO_REQUESTERS = frozenset(FACTS) - {"escalated"}


def promise(ticket: Mapping[str, Any]) -> str | None:
    """The promised time in the requester's own zone, else in UTC."""
    due = believable(ticket)
    return in_words(due, ticket["requester"].get("time_zone")) if due else None


def expected(ticket: Mapping[str, Any]) -> str | None:
    """When somebody who can help is at work again; None while there is somebody."""
    at = ticket.get("expected_at")
    return spelled(at, ticket["requester"].get("time_zone")) if at else None


def one_line(text: str) -> str:
    """A header's value: no line ends, no controls, not endless."""
    line = " ".join(shown(NO_TEXT.sub(" ", text)).split())
    return line if len(line) <= SUBJECT_AT_MOST else line[: SUBJECT_AT_MOST - 1] + "…"


def thread_of(ticket_id: str) -> str:
    """One thread a ticket in every mail program."""
    domain = config.mail_from.rpartition("@")[2]
    return f"<{ticket_id.lower()}@{domain}>"
