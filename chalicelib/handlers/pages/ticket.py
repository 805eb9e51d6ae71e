"""One ticket at the desk: read it, answer it, pass it on; nothing is written over unseen."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.domain.errors import Busy, Conflict, Invalid, NotFound, Stale
from chalicelib.domain.identifiers import check_ticket_id
from chalicelib.domain.lifecycle import TRANSITIONS, is_final
from chalicelib.domain.permissions import Access
from chalicelib.domain.vocabulary import ACTIVE, Status, Target
from chalicelib.handlers.pages import attachments, goals
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.reading import Reading, read_ticket
from chalicelib.handlers.pages.steps import STEPS, Step
from chalicelib.handlers.pages.visit import Visit
from chalicelib.handlers.problems import STATUS_OF
from chalicelib.services import parts, settings
from chalicelib.web import alert_marks, forms, navigation, sla_marks, sla_words
from chalicelib.web.bands import bands

TOLD = {
    "messages": "Your message is in the conversation.",
    "assignment": "The assignee has changed.",
    "acceptance": "You have accepted the ticket.",
    "acknowledgement": "It is yours. Nobody else is called for it.",
    "transfer": "The ticket has gone on.",
    "watching": "You watch this ticket: you are told by mail what happens.",
    "watching-no-more": "You do not watch this ticket any more.",
    "escalation": "The ticket has moved up.",
    "de-escalation": "The ticket has gone back.",
    "management": "They have been told.",
    "due-date": "The due date is set.",
    "hold": "The ticket is on hold.",
    "resumption": "The ticket is open again.",
    "resolution": "The ticket is solved.",
    "reopening": "The ticket is open again.",
}
REPLY_STATUSES = (
    (Status.OPEN, "open"),
    (Status.PENDING, "waiting for requester"),
    (Status.RESOLVED, "solved"),
)


@page("/desk/tickets/{ticket_id}", access=Access.STAFF)
def desk_ticket(visit: Visit, ticket_id: str) -> Response:
    """Looking changes nothing; that one accepts what one opens is a form that sends itself."""
    seen = read_ticket(visit, ticket_id, visit.agent)
    return show(visit, seen, told=TOLD.get(visit.asked("done") or ""))


@page("/desk/tickets/{ticket_id}/{step}", "GET", "POST", access=Access.STAFF)
def desk_ticket_step(visit: Visit, ticket_id: str, step: str) -> Response:
    if step not in STEPS:
        raise NotFound("There is no such page.")
    check_ticket_id(ticket_id)
    if visit.incoming.request.method == "GET":
        return visit.go_to(f"/desk/tickets/{ticket_id}")
    return take(visit, ticket_id, step, STEPS[step])


def take(visit: Visit, ticket_id: str, name: str, step: Step) -> Response:
    """Do what a form asks; when it cannot be done, the page with the typed text kept."""
    sent = forms.read(visit.incoming.body(), step.form)
    if sent.value is None:
        return again(visit, ticket_id, sent.shown(name), HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        step.do(ticket_id, sent.value, visit)
    except Stale:
        return held_back(visit, ticket_id, name, sent)
    except (Conflict, Busy) as error:
        return again(visit, ticket_id, sent.shown(name, form=str(error)), STATUS_OF[type(error)])
    except Invalid as error:
        wrong = {one.pointer.lstrip("/"): one.detail for one in error.errors}
        return again(visit, ticket_id, sent.shown(name, **wrong), HTTPStatus.UNPROCESSABLE_ENTITY)
    if name == "transfer" and visit.agent.is_limited:
        return visit.go_to("/desk?done=transfer")  # it may be out of their sight now
    return visit.go_to(f"/desk/tickets/{ticket_id}?done={name}#write")


def again(visit: Visit, ticket_id: str, form: dict[str, Any], status: HTTPStatus) -> Response:
    return show(visit, read_ticket(visit, ticket_id, visit.agent), status, form=form)


def held_back(visit: Visit, ticket_id: str, name: str, sent: Any) -> Response:
    """Show what came meanwhile; but what came may be this very message, sent twice."""
    seen = read_ticket(visit, ticket_id, visit.agent)
    fresh = seen.since(sent.value.version)
    mine = [one for one in seen.entries if one["id"] in fresh and one["by"]["id"] == visit.agent.id]
    if name == "messages" and any(one["data"].get("body") == sent.value.body for one in mine):
        return visit.go_to(f"/desk/tickets/{ticket_id}?done={name}#write")
    return show(
        visit, seen, HTTPStatus.CONFLICT, form=sent.shown(name), held_back=True, fresh_ids=fresh
    )


def show(visit: Visit, seen: Reading, status: HTTPStatus = HTTPStatus.OK, **more: Any) -> Response:
    state = Status(seen.ticket["status"])
    panel = sla_marks.panel(seen.ticket, seen.sla, visit.now)
    form = more.get("form", forms.EMPTY)
    own = form if form["name"] == "messages" else forms.EMPTY
    context = {
        "form": form,
        "uploads": attachments.shown(own, visit.agent.id, visit),
        "held_back": False,
        "fresh_ids": set(),
        "told": None,
        "ticket": seen.ticket,
        "entries": seen.entries,
        "left_out": seen.left_out,
        "sla": panel,
        "rules": seen.sla,
        "story": sla_words.story(seen.sla),
        "upcoming": sla_words.upcoming(seen.sla),
        "past": sla_words.past(seen.sla),
        "due_targets": [
            (one["kind"], one["title"]) for one in panel["targets"] if not one["is_met"]
        ],
        "can_accept": can_accept(seen, visit),
        "bands": bands(seen.ticket, seen.entries, visit.agent.id),
        "alert": alert_marks.standing(seen.ticket["alerts"]),
        "links": alert_marks.safe_links(seen.ticket["links"]),
        "parts": firing_parts(seen, visit),
        "goals": goals.choices(visit.agent, visit.now),
        "team": settings.team_of(seen.ticket["team"]).name if seen.ticket["team"] else None,
        "watchers": goals.names(seen.ticket["watchers"]),
        "reply_statuses": [pair for pair in REPLY_STATUSES if pair[0] in TRANSITIONS[state]],
        "can_reply": not is_final(state),
        "can_work": state in ACTIVE,
        "sidebar": navigation.sidebar({}, ""),
    }
    return visit.show("ticket.html", status, **{**context, **more})


def firing_parts(seen: Reading, visit: Visit) -> dict[str, Any] | None:
    """Of an incident that has parts, those that still fire."""
    if not alert_marks.is_parent(seen.entries):
        return None
    found = parts.firing(seen.ticket["id"], visit.agent, alert_marks.SHOWN_PARTS + 1)
    return alert_marks.parts(found)


def can_accept(seen: Reading, visit: Visit) -> bool:
    """One's own ticket, assigned by the machine, which nobody has accepted yet."""
    mine = (seen.ticket["assignee"] or {}).get("id") == visit.agent.id
    waits = (one for one in seen.sla["targets"] if one["kind"] == Target.TIME_TO_ACCEPT)
    return mine and any(not one["met_at"] for one in waits)
