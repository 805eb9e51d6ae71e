"""Whether somebody takes tickets now, as a lead or an admin says it for them."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.domain.vocabulary import Availability
from chalicelib.handlers.pages.settings_frame import Edit, Errors, attempt, done, with_errors
from chalicelib.handlers.pages.steps import in_utc
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import members
from chalicelib.web import forms, member_form
from chalicelib.web.member_form import AvailabilityForm, fields_of
from chalicelib.web.times import instant, zone_of

HOME = "/settings/people"

Data = dict[str, Any]


def filled(visit: Visit, person: Data) -> Data:
    """The form as it stands at first: what holds now, with times in the reader's zone."""
    typed = {
        "status": person["availability"],
        "until": local_text(person["until"], visit) if person["until"] else "",
        "substitute": person["substitute"] or "",
        "note": person["note"] or "",
    }
    return {**forms.EMPTY, "typed": typed}


def local_text(at: str | datetime, visit: Visit) -> str:
    """An instant as a date field of the reader wants it."""
    zone = zone_of({"time_zone": visit.person.time_zone}) or UTC
    return instant(at).astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def submit(visit: Visit, person: Data, edit: Edit) -> Response:
    """Say it, or show the page again with what was typed here; the other fields as stored."""
    sent = forms.read(visit.incoming.body(), AvailabilityForm)
    stored = {**forms.EMPTY, "typed": member_form.filled(person, "")}

    def again(status: HTTPStatus, errors: Errors, stale: int | None = None) -> Response:
        shown = with_errors(sent, errors)
        return edit({**stored, "errors": shown["errors"]}, status, absence=shown)

    asked = sent.value
    if asked is None:
        return again(HTTPStatus.UNPROCESSABLE_ENTITY, {})
    return attempt(lambda: note(visit, person, asked), fields_of, again)


def note(visit: Visit, person: Data, asked: AvailabilityForm) -> Response:
    status = Availability(asked.status)
    is_here = status is Availability.AVAILABLE
    until = None if is_here else in_utc(asked.until, visit)
    stand_in = None if is_here else asked.substitute
    members.set_availability(
        visit.agent, status, until, visit.now,
        person_id=person["id"], substitute=stand_in, note=asked.note,
    )  # fmt: skip
    return visit.go_to(done(f"{HOME}/{person['id']}", "noted"))
