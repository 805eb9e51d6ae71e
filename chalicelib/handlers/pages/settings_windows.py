"""The maintenance windows: what goes on now and comes next, and the editor of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.domain.maintenance import Window
from chalicelib.handlers.pages import settings_frame as frame
from chalicelib.handlers.pages.settings_frame import NEW, done, show, told
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import alert_settings, settings
from chalicelib.web import forms, window_form, window_page
from chalicelib.web.calendar_marks import WEEKDAY_NAMES
from chalicelib.web.calendar_page import zones
from chalicelib.web.refusals import differences
from chalicelib.web.window_form import WindowForm, fields_of

HERE, HOME = "maintenance", "/settings/maintenance"


def listing(visit: Visit) -> Response:
    cards = window_page.cards(settings.windows(), visit.now)
    return show(visit, "windows.html", HERE, cards=cards, told=told(visit))


def editor(visit: Visit, name: str) -> Response:
    stored = None if name == NEW else alert_settings.window(name)
    form = {**forms.EMPTY, "typed": filled(visit, stored)}
    return edit(visit, stored, form, told=told(visit, stored.version if stored else None))


def filled(visit: Visit, stored: Window | None) -> dict[str, str]:
    return window_form.filled(stored, visit.person.time_zone, visit.now)


def edit(
    visit: Visit, stored: Window | None, form: dict[str, Any],
    status: HTTPStatus = HTTPStatus.OK, **more: Any,
) -> Response:  # fmt: skip
    context = {
        "heading": stored.name if stored else "New maintenance window",
        "window": stored,
        "card": window_page.card(stored, visit.now) if stored else None,
        "version": stored.version if stored else None,
        "stale": None,
        "differs": differences(form["typed"], filled(visit, stored), window_form.LABELS),
        "labels": window_form.LABELS,
        "days": [(window_form.on(day), name) for day, name in enumerate(WEEKDAY_NAMES)],
        "zones": zones(),
    }
    return show(visit, "window.html", HERE, status, form=form, **{**context, **more})


def submit(visit: Visit, name: str) -> Response:
    stored = None if name == NEW else alert_settings.window(name)
    shown: Callable[..., Response] = partial(edit, visit, stored)
    if stored and visit.incoming.form.get("do") == "delete":
        return frame.press(visit, shown, filled(visit, stored), lambda _: delete(visit, stored))
    return frame.submit(visit, WindowForm, shown, partial(save, visit, stored), fields_of)


def save(visit: Visit, stored: Window | None, asked: Any) -> Response:
    data, put = window_form.data_of(asked), alert_settings.put_window
    return frame.store(visit, HOME, stored, data, asked.version, put, is_same)


def is_same(stored: Window, data: dict[str, Any]) -> bool:
    """Whether the form says what is stored; what could not be stored does not."""
    return replace(stored, version=1) == Window.from_data(data)


def delete(visit: Visit, stored: Window) -> Response:
    alert_settings.delete_window(stored.id, visit.agent, visit.now)
    return visit.go_to(done(HOME, "deleted"))
