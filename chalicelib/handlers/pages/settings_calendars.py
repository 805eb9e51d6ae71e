"""The calendars of business hours: the list, and the editor of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.domain.calendars import ALWAYS, Calendar
from chalicelib.domain.errors import FieldError
from chalicelib.handlers.pages import settings_frame as frame
from chalicelib.handlers.pages.settings_frame import NEW, ask_what_if, done, show, told
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import settings, sla_settings, staff
from chalicelib.web import calendar_form, calendar_page, forms
from chalicelib.web.calendar_form import CalendarForm, fields_of

HERE, HOME = "calendars", "/settings/calendars"


def listing(visit: Visit) -> Response:
    found = settings.calendars()
    shifts = Counter(one.shift for one in staff.rows().values())
    rows = calendar_page.rows(found, settings.policies(), settings.branches(), shifts)
    return show(visit, "calendars.html", HERE, calendars=rows, told=told(visit))


def editor(visit: Visit, name: str) -> Response:
    stored = None if name == NEW else sla_settings.calendar(name)
    form = {**forms.EMPTY, "typed": calendar_page.filled(stored)}
    return edit(visit, stored, form, told=told(visit, stored.version if stored else None))


def edit(
    visit: Visit, stored: Calendar | None, form: dict[str, Any],
    status: HTTPStatus = HTTPStatus.OK, **more: Any,
) -> Response:  # fmt: skip
    regions = sla_settings.regions(form["typed"].get("country"))
    context = {
        "heading": stored.name if stored else "New calendar",
        "calendar": stored,
        "is_built_in": stored is not None and stored.id == ALWAYS.id,
        "version": stored.version if stored else None,
        "countries": sla_settings.countries(),
        "regions": regions,
        "stale": None,
        "differs": calendar_page.differs(form["typed"], stored),
        **calendar_page.offered(stored, visit.now),
    }
    return show(visit, "calendar.html", HERE, status, form=form, **{**context, **more})


def submit(visit: Visit, name: str) -> Response:
    do = visit.incoming.form.get("do")
    if do == "delete":
        return delete(visit, name)
    stored = None if name == NEW else sla_settings.calendar(name)
    if do == "regions":
        return with_regions(visit, stored)

    def fields(errors: Iterable[FieldError], asked: CalendarForm) -> dict[str, str]:
        return fields_of(errors, "/calendar" if asked.do == "try" else "")

    def act(asked: CalendarForm) -> Response:
        return (try_out if asked.do == "try" else save)(visit, stored, asked)

    return frame.submit(visit, CalendarForm, partial(edit, visit, stored), act, fields)


def with_regions(visit: Visit, stored: Calendar | None) -> Response:
    """The same page with the regions of the country that was chosen; nothing is stored."""

    def act(asked: CalendarForm) -> Response:
        typed = forms.decoded(visit.incoming.body())
        known = sla_settings.regions(asked.country)
        form = {**forms.EMPTY, "typed": calendar_form.as_typed(typed, known)}
        return edit(visit, stored, form, version=asked.version)

    return frame.submit(visit, CalendarForm, partial(edit, visit, stored), act, lambda *_: {})


def save(visit: Visit, stored: Calendar | None, asked: CalendarForm) -> Response:
    data = data_for(stored, asked)
    if stored and asked.version != stored.version and is_same(stored, data, visit):
        return visit.go_to(done(f"{HOME}/{stored.id}", "saved"))  # the same form, sent twice
    calendar, job = sla_settings.put_calendar(
        data, visit.agent, visit.now, asked.version, new=stored is None
    )
    return visit.go_to(done(f"{HOME}/{calendar.id}", "saved", job.job_id))


def try_out(visit: Visit, stored: Calendar | None, asked: CalendarForm) -> Response:
    return ask_what_if(visit, asked.days, calendar=data_for(stored, asked))


def data_for(stored: Calendar | None, asked: CalendarForm) -> dict[str, Any]:
    data = calendar_form.data_of(asked)
    return {**data, "id": stored.id} if stored else data


def is_same(stored: Calendar, data: dict[str, Any], visit: Visit) -> bool:
    """Whether the form says what is stored; public holidays follow from its country."""
    if calendar_page.is_wrong(data):
        return False
    draft = Calendar.from_data(data)
    return draft == replace(stored, version=1, public_holidays=draft.public_holidays)


def delete(visit: Visit, name: str) -> Response:
    """Remove it; the page says why not."""
    stored = sla_settings.calendar(name)

    def act(do: str) -> Response:
        sla_settings.delete_calendar(stored.id, visit.agent, visit.now)
        return visit.go_to(done(HOME, "deleted"))

    return frame.press(visit, partial(edit, visit, stored), calendar_page.filled(stored), act)
