"""The on-call rotations: who is called now and in the coming weeks, and the editor of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.domain import on_call
from chalicelib.domain.errors import FieldError
from chalicelib.domain.on_call import Rotation
from chalicelib.domain.on_call_checks import TIERS
from chalicelib.handlers.pages import settings_frame as frame
from chalicelib.handlers.pages.settings_frame import NEW, done, show, told
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import desk_settings, paging, settings, staff
from chalicelib.web import forms, on_call_data, on_call_form, on_call_marks, rule_words
from chalicelib.web.calendar_page import zones
from chalicelib.web.on_call_form import OnCallForm
from chalicelib.web.refusals import differences

HERE, HOME = "on-call", "/settings/on-call"


def listing(visit: Visit) -> Response:
    found = [
        on_call_marks.card(one["rotation"], one["on_call"], names(), visit.now)
        for one in paging.now_on_call(visit.now)
    ]
    return show(visit, "on_calls.html", HERE, rotations=found, told=told(visit))


def names() -> dict[str, str]:
    """Everybody who could be called, in the order of their names."""
    rows = sorted(staff.rows().values(), key=lambda one: one.name)
    return {one.person_id: one.name for one in rows}


def editor(visit: Visit, name: str) -> Response:
    stored = None if name == NEW else desk_settings.rotation(name)
    form = {**forms.EMPTY, "typed": filled(visit, stored)}
    return edit(visit, stored, form, told=told(visit, stored.version if stored else None))


def filled(visit: Visit, stored: Rotation | None) -> dict[str, str]:
    return on_call_form.filled(stored, visit.person.time_zone, visit.now)


def edit(
    visit: Visit, stored: Rotation | None, form: dict[str, Any],
    status: HTTPStatus = HTTPStatus.OK, **more: Any,
) -> Response:  # fmt: skip
    known = settings.tier_names()
    context = {
        "heading": stored.name if stored else "New rotation",
        "rotation": stored,
        "card": card(visit, stored) if stored else None,
        "version": stored.version if stored else None,
        "stale": None,
        "differs": differences(form["typed"], filled(visit, stored), on_call_data.labels()),
        "labels": on_call_data.labels(),
        "people": list(names().items()),
        "zones": zones(),
        "rows": on_call_form.rows(form["typed"]),
        "tiers": [one for one in rule_words.tiers(known) if int(one[0]) in TIERS],
        "priorities": [value for value, _ in rule_words.PRIORITIES],
    }
    return show(visit, "on_call.html", HERE, status, form=form, **{**context, **more})


def card(visit: Visit, stored: Rotation) -> dict[str, Any]:
    found = on_call.on_call(stored, visit.now)
    return on_call_marks.card(stored, found, names(), visit.now)


def submit(visit: Visit, name: str) -> Response:
    stored = None if name == NEW else desk_settings.rotation(name)
    shown, given = partial(edit, visit, stored), visit.incoming.form
    if stored and given.get("do") == "delete":
        return frame.press(visit, shown, filled(visit, stored), lambda _: delete(visit, stored))

    def fields(errors: Iterable[FieldError], asked: Any) -> dict[str, str]:
        return on_call_data.fields_of(errors, asked, stored, visit.now)

    def act(asked: Any) -> Response:
        return (rearrange if asked.up or asked.down else save)(visit, stored, asked)

    return frame.submit(visit, OnCallForm, shown, act, fields)


def rearrange(visit: Visit, stored: Rotation | None, asked: Any) -> Response:
    """The same page with somebody earlier or later in the order of turns; nothing is stored."""
    typed = forms.decoded(visit.incoming.body(), OnCallForm.most_fields)
    form = {**forms.EMPTY, "typed": on_call_form.rearranged(typed)}
    return edit(visit, stored, form, version=asked.version)


def save(visit: Visit, stored: Rotation | None, asked: Any) -> Response:
    data, put = on_call_data.data_of(asked, stored, visit.now), desk_settings.put_rotation
    return frame.store(visit, HOME, stored, data, asked.version, put, is_same)


def is_same(stored: Rotation, data: dict[str, Any]) -> bool:
    """Whether the form says what is stored; what could not be stored does not."""
    return replace(stored, version=1) == Rotation.from_data({**data, "version": 1})


def delete(visit: Visit, stored: Rotation) -> Response:
    desk_settings.delete_rotation(stored.id, visit.agent, visit.now)
    return visit.go_to(done(HOME, "deleted"))
