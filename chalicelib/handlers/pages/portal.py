"""The portal: a new request from anybody, stored once however often it is sent."""

from __future__ import annotations

import json
import re
import secrets
from datetime import datetime
from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.domain.errors import Busy, Invalid, KeyReused, NotFound, TooMany
from chalicelib.domain.identifiers import is_ticket_id
from chalicelib.domain.people import Actor, Requester, normal_email, requester_id
from chalicelib.domain.permissions import Access, can_work, is_requester
from chalicelib.domain.vocabulary import Channel, Level, Role, TicketType
from chalicelib.handlers.headers import OF_DATA
from chalicelib.handlers.pages import attachments
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.visit import Visit
from chalicelib.handlers.problems import STATUS_OF, headers_of
from chalicelib.services import intake, limits, proofs
from chalicelib.services.once import AlreadyDone, Once, raise_what_was_done
from chalicelib.services.signing import digest
from chalicelib.web import forms
from chalicelib.web.portal_forms import WEIGHT_OF, RequestForm

KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}")
UNVERIFIED = "unverified"  # the tag of what came without a proof of work
SENT_BEFORE = "You have sent this form before. Send it again if you want to ask this as well."


@page("/", "GET", "POST", access=Access.ANYONE)
def new_request(visit: Visit) -> Response:
    if visit.incoming.request.method == "GET":
        return ask(visit, {**forms.EMPTY, "typed": known_of(visit)})
    sent = forms.read(visit.incoming.body(), RequestForm)
    if sent.value is None:
        return ask(visit, sent.shown(), HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        return visit.go_to(f"/sent/{store(visit, sent.value)}")
    except KeyReused:
        return ask(visit, sent.shown(form=SENT_BEFORE), HTTPStatus.UNPROCESSABLE_ENTITY)
    except Invalid as error:
        shown = sent.shown(attachments=str(error))
        return ask(visit, shown, HTTPStatus.UNPROCESSABLE_ENTITY)
    except proofs.SendAgain as error:
        opened = proofs.opened_at(sent.value.idempotency_key)
        shown = sent.shown(form=str(error))
        return ask(visit, shown, HTTPStatus.UNPROCESSABLE_ENTITY, opened)
    except (Busy, TooMany) as error:
        return wait(visit, sent.shown(form=str(error)), error)


@page("/altcha", access=Access.ANYONE, same_for_all=True)
def altcha(visit: Visit) -> Response:
    """Work for a browser to do while the form is filled in."""
    headers: dict[str, Any] = {**OF_DATA, "Content-Type": "application/json"}
    return Response(body=json.dumps(proofs.challenge(visit.now)), headers=headers)


@page("/sent/{sent_id}", access=Access.ANYONE)
def request_sent(visit: Visit, sent_id: str) -> Response:
    """Says the same for every well-formed id: it tells nobody which requests exist."""
    if not is_ticket_id(sent_id):
        raise NotFound("There is no such page.")
    return visit.show("sent.html", ticket_id=sent_id)


def ask(
    visit: Visit, form: dict[str, Any], status: HTTPStatus = HTTPStatus.OK,
    opened_at: datetime | None = None,
) -> Response:  # fmt: skip
    """The form with a key of its own, under which it can be sent once.

    One that has to be sent again was opened when it was, unless that is too long ago.
    """
    fresh = opened_at is not None and visit.now - opened_at < proofs.FORM_LIVES
    key = proofs.form_key(opened_at if opened_at and fresh else visit.now)
    upload_key = form["typed"].get("upload_key", "")
    upload_key = upload_key if KEY.fullmatch(upload_key) else secrets.token_urlsafe(18)
    sent = attachments.shown(form, attachments.of_new_request(upload_key), visit)
    return visit.show(
        "new_request.html", status, form=form, idempotency_key=key, upload_key=upload_key,
        uploads=sent,
    )  # fmt: skip


def wait(visit: Visit, form: dict[str, Any], error: Busy | TooMany) -> Response:
    """What was typed, and when it may be sent again."""
    answer = ask(visit, form, STATUS_OF[type(error)])
    answer.headers.update(headers_of(error))
    return answer


def known_of(visit: Visit) -> dict[str, str]:
    if visit.person is None:
        return {}
    return {"email": visit.person.email, "name": visit.person.name}


def store(visit: Visit, asked: RequestForm) -> str:
    """The id of the new ticket, or of the one this form made before.

    Raises KeyReused, SendAgain, TooMany and Busy.
    """
    requester = requester_of(visit, asked)
    own = visit.person is None or is_requester(visit.actor, requester.id)
    keyed = once(asked, visit.now)
    try:
        raise_what_was_done(keyed)
        check_honest(visit, asked, requester, own)
        owner = attachments.of_new_request(asked.upload_key or "")
        files = attachments.carried(asked.attachments, owner, visit, keyed)
        wanted = draft(asked, requester, [] if is_verified(visit, asked, own) else [UNVERIFIED])
        sender = actor_as(requester) if own else visit.actor
        opened = intake.open_for_anyone(wanted, sender, visit.now, files=files, once=keyed)
    except AlreadyDone as done:
        return str(done.answer["ticket_id"])
    return str(opened.ticket.ticket_id)


def actor_as(requester: Requester) -> Actor:
    """Who fills in the form, as they say."""
    name = requester.name or requester.email
    return Actor(requester.id, name, Role.REQUESTER, requester.email)


def is_verified(visit: Visit, asked: RequestForm, own: bool) -> bool:
    """Whether it is known well enough that somebody means it; staff may ask for anybody."""
    if visit.person is None:
        return bool(asked.proof)
    return own or can_work(visit.actor)


def check_honest(visit: Visit, asked: RequestForm, requester: Requester, own: bool) -> None:
    """What keeps programs from filling the desk. Raises SendAgain, TooMany.

    Without JavaScript there is no proof, and so less room. Who is signed in needs none.
    """
    if visit.person:
        limits.take(limits.FORM_PERSON, visit.person.person_id, visit.now)
        if not is_verified(visit, asked, own):
            limits.take(limits.FORM_MAIL, requester.id, visit.now)
        return
    key, proof, now = asked.idempotency_key, asked.proof, visit.now
    if proof:
        proofs.check(proof, now)
    proofs.check_opened(key, bool(proof), now)
    if proof:  # before the limits: what was used up elsewhere must take nobody's room
        proofs.spend(proof, f"{key} {requester.id}", now)
    rate = limits.FORM_PROVEN if proof else limits.FORM_PLAIN
    limits.take(rate, limits.block_of(visit.incoming.address), now)
    limits.take(limits.FORM_MAIL, requester.id, now)


def once(asked: RequestForm, now: datetime) -> Once:
    typed = asked.model_dump(exclude={"idempotency_key", "time_zone", "proof"})
    words = digest(*(f"{name}={value}" for name, value in typed.items()))
    return Once(
        f"portal#{asked.idempotency_key}",
        now,
        words,
        lambda ticket, entry: {"ticket_id": ticket.ticket_id},
    )


def draft(asked: RequestForm, requester: Requester, tags: list[str]) -> intake.Draft:
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
        tags=tags,
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
