"""Whether somebody takes new tickets: at once from the side bar, or with all that belongs to it."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.domain.errors import Invalid
from chalicelib.domain.permissions import Access
from chalicelib.domain.vocabulary import Availability
from chalicelib.handlers.pages import goals
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.sign_in import is_our_own
from chalicelib.handlers.pages.steps import in_utc
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import members, settings, staff
from chalicelib.web import forms, navigation
from chalicelib.web.staffing_forms import AvailabilityForm, QuickForm
from chalicelib.web.times import local_field, zone_of

HERE = "/desk/availability"
QUICKLY: dict[str, tuple[Availability, int]] = {
    "available": (Availability.AVAILABLE, 0),
    "busy": (Availability.BUSY, 0),
    "away_15": (Availability.AWAY, 15),
    "away_30": (Availability.AWAY, 30),
}


@page(HERE, "GET", "POST", access=Access.STAFF)
def availability(visit: Visit) -> Response:
    if visit.incoming.request.method == "GET":
        return ask(visit, told=visit.asked("done") == "saved")
    return quickly(visit) if "quick" in visit.incoming.form else say(visit)


def quickly(visit: Visit) -> Response:
    """One press, and back to the page that one was on."""
    sent = forms.read(visit.incoming.body(), QuickForm)
    if sent.value is None:
        return refused(visit, sent.shown())
    said, minutes = QUICKLY[sent.value.quick]
    until = visit.now + timedelta(minutes=minutes) if minutes else None
    members.set_availability(visit.agent, said, until, visit.now)
    return visit.go_to(sent.value.back if is_our_own(sent.value.back) else HERE)


def say(visit: Visit) -> Response:
    sent = forms.read(visit.incoming.body(), AvailabilityForm)
    asked = sent.value
    if asked is None:
        return refused(visit, sent.shown())
    said, until = Availability(asked.availability), in_utc(asked.until, visit)
    try:
        members.set_availability(
            visit.agent, said, until, visit.now, substitute=asked.substitute, note=asked.note
        )
    except Invalid as error:
        wrong = {one.pointer.lstrip("/"): one.detail for one in error.errors}
        return refused(visit, sent.shown(**wrong))
    return visit.go_to(f"{HERE}?done=saved")


def refused(visit: Visit, form: dict[str, Any]) -> Response:
    return ask(visit, HTTPStatus.UNPROCESSABLE_ENTITY, form)


def ask(
    visit: Visit, status: HTTPStatus = HTTPStatus.OK, form: dict[str, Any] | None = None,
    told: bool = False,
) -> Response:  # fmt: skip
    agent, person = visit.agent, visit.person
    return visit.show(
        "availability.html",
        status,
        sidebar=navigation.sidebar({}, "availability"),
        form=form or as_stored(visit),
        colleagues=goals.colleagues(agent),
        team=settings.team_of(person.team),
        on_shift=staff.candidate(person, visit.now).on_shift,
        expected_at=staff.next_at([agent.id], visit.now),
        told=told,
    )


def as_stored(visit: Visit) -> dict[str, Any]:
    """What they said last, to change it; nothing of what is over."""
    person, zone = visit.person, zone_of({"time_zone": visit.person.time_zone})
    said = staff.availability_of(person, visit.now)
    if said is Availability.AVAILABLE:
        return {**forms.EMPTY, "typed": {"availability": said.value}}
    typed = {
        "availability": said.value,
        "until": local_field(person.away_until, zone) if person.away_until else "",
        "substitute": person.substitute or "",
        "note": person.away_note or "",
    }
    return {**forms.EMPTY, "typed": typed}
