"""The portal: a new request from anybody, stored once however often it is sent."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.domain.errors import Busy, KeyReused, NotFound
from chalicelib.domain.identifiers import is_ticket_id
from chalicelib.domain.people import Actor, Requester, normal_email, requester_id
from chalicelib.domain.vocabulary import Channel, Level, Role, TicketType
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import intake
from chalicelib.services.once import AlreadyDone, Once
from chalicelib.services.signing import digest
from chalicelib.web import forms
from chalicelib.web.portal_forms import WEIGHT_OF, RequestForm

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}")
SENT_BEFORE = "You have sent this form before. Send it again if you want to ask this as well."


@page("/", "GET", "POST")
def new_request(visit: Visit) -> Response:
    if visit.incoming.request.method == "GET":
        return ask(visit, {**forms.EMPTY, "typed": known_of(visit)})
    sent = forms.read(visit.incoming.body(), RequestForm)
    if sent.value is None:
        return ask(visit, sent.shown(), HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        ticket_id = store(visit, sent.value)
    except KeyReused:
        return ask(visit, sent.shown(form=SENT_BEFORE), HTTPStatus.UNPROCESSABLE_ENTITY)
    except Busy as error:
        return ask(visit, sent.shown(form=str(error)), HTTPStatus.SERVICE_UNAVAILABLE)
    return visit.go_to(f"/sent/{ticket_id}")


@page("/sent/{sent_id}")
def request_sent(visit: Visit, sent_id: str) -> Response:
    """Says the same for every well-formed id: it tells nobody which requests exist."""
    if not is_ticket_id(sent_id):
        raise NotFound("There is no such page.")
    return visit.show("sent.html", ticket_id=sent_id)


def ask(visit: Visit, form: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> Response:
    """The form with a key of its own, under which it can be sent once."""
    key = secrets.token_urlsafe(18)
    return visit.show("new_request.html", status, form=form, idempotency_key=key)


def known_of(visit: Visit) -> dict[str, str]:
    if visit.person is None:
        return {}
    return {"email": visit.person.email, "name": visit.person.name}


def store(visit: Visit, asked: RequestForm) -> str:
    """The id of the new ticket, or of the one this form made before. Raises KeyReused."""
    requester = requester_of(visit, asked)
    actor = Actor(requester.id, requester.name or requester.email, Role.REQUESTER, requester.email)
    try:
        opened = intake.open_ticket(
            draft(asked, requester), actor, visit.now, once=once(asked, visit.now)
        )
    except AlreadyDone as done:
        return str(done.answer["ticket_id"])
    return str(opened.ticket.ticket_id)


def once(asked: RequestForm, now: datetime) -> Once:
    typed = asked.model_dump(exclude={"idempotency_key", "time_zone"})
    words = digest(*(f"{name}={value}" for name, value in typed.items()))
    return Once(
        f"portal#{asked.idempotency_key}",
        now,
        words,
        lambda ticket, entry: {"ticket_id": ticket.ticket_id},
    )


def draft(asked: RequestForm, requester: Requester) -> intake.Draft:
    weight = Level(WEIGHT_OF[asked.stops])
    is_question = asked.stops == "question"
    return intake.Draft(
        subject=asked.subject,
        description=asked.description,
        requester=requester,
        type=TicketType.SERVICE_REQUEST if is_question else TicketType.INCIDENT,
        impact=weight,
        urgency=weight,
        channel=Channel.PORTAL,
        branch=asked.branch,
    )


def requester_of(visit: Visit, asked: RequestForm) -> Requester:
    email = normal_email(asked.email)
    language = LANGUAGE.match(visit.incoming.header("accept-language") or "")
    return Requester(
        id=requester_id(email),
        email=email,
        name=asked.name,
        locale=language[0] if language else None,
        time_zone=asked.time_zone,
    )
