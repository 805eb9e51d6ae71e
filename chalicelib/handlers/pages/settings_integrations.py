"""The integrations: how each is doing, the editor of one, its address and keys, and a test."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.domain.integrations import Integration
from chalicelib.handlers.pages import settings_frame as frame
from chalicelib.handlers.pages.settings_frame import NEW, done, show, told
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import alert_settings, alert_views, deliveries, hooks, settings
from chalicelib.web import delivery_marks, forms, integration_form, integration_page
from chalicelib.web.integration_form import IntegrationForm, fields_of
from chalicelib.web.refusals import differences

HERE, HOME = "integrations", "/settings/integrations"
LAST_SHOWN = 8


def listing(visit: Visit) -> Response:
    titles = integration_page.titles(alert_views.sources())
    cards = [integration_page.card(view(visit, one), titles) for one in settings.integrations()]
    return show(visit, "integrations.html", HERE, cards=cards, told=told(visit))


def view(visit: Visit, found: Integration) -> dict[str, Any]:
    return alert_views.integration(found, visit.agent, visit.now, visit.incoming.base_url)


def editor(visit: Visit, name: str) -> Response:
    """The page of one; of a new one first the choice of its tool."""
    if name != NEW:
        stored = alert_settings.integration(name)
        form = {**forms.EMPTY, "typed": integration_form.filled(stored)}
        return edit(visit, stored, form, told=told(visit, stored.version))
    source = source_of(visit.asked("source") or "")
    if source is None:
        return choose(visit)
    typed = integration_form.filled(None, source["id"], source["title"])
    return edit(visit, None, {**forms.EMPTY, "typed": typed})


def choose(visit: Visit, form: Any = forms.EMPTY, status: HTTPStatus = HTTPStatus.OK) -> Response:
    known = alert_views.sources()
    context = {"heading": "New integration", "sources": known, "form": form}
    return show(visit, "integration_sources.html", HERE, status, **context)


def source_of(name: str) -> Any:
    return integration_page.source_named(alert_views.sources(), name)


def edit(
    visit: Visit, stored: Integration | None, form: dict[str, Any],
    status: HTTPStatus = HTTPStatus.OK, **more: Any,
) -> Response:  # fmt: skip
    source = source_of(stored.source if stored else form["typed"].get("source", ""))
    if source is None:
        return choose(visit, form, status)
    seen = view(visit, stored) if stored else None
    context = {
        "heading": stored.name if stored else f"New integration: {source['title']}",
        "integration": seen,
        "source": source,
        "steps": integration_page.steps(source, seen),
        "proof": integration_page.proof(source),
        "health": delivery_marks.health(seen["health"]) if seen else None,
        "last": last_of(visit, stored) if stored else [],
        "version": stored.version if stored else None,
        "stale": None,
        "differs": differences(
            form["typed"], integration_form.filled(stored), integration_form.LABELS
        ),
        **integration_page.offered(source["id"]),
    }
    return show(visit, "integration.html", HERE, status, form=form, **{**context, **more})


def last_of(visit: Visit, stored: Integration) -> list[dict[str, Any]]:
    found = deliveries.listed(stored.id, visit.agent, LAST_SHOWN)
    return [delivery_marks.line(one) for one in found]


def submit(visit: Visit, name: str) -> Response:
    stored = None if name == NEW else alert_settings.integration(name)
    shown = partial(edit, visit, stored)
    if stored and visit.incoming.form.get("do") in DEEDS:
        typed = integration_form.filled(stored)
        return frame.press(visit, shown, typed, lambda do: DEEDS[do](visit, stored))
    act = partial(save, visit, stored)
    return frame.submit(visit, IntegrationForm, shown, act, lambda errors, _: fields_of(errors))


def save(visit: Visit, stored: Integration | None, asked: Any) -> Response:
    data, put = integration_form.data_of(asked, stored), alert_settings.put_integration
    return frame.store(visit, HOME, stored, data, asked.version, put, is_same, new="connected")


def is_same(stored: Integration, data: dict[str, Any]) -> bool:
    """Whether the form says what is stored; what brings a secret says something new."""
    if alert_settings.PASTED in data:
        return False
    ours = {name: getattr(stored, name) for name in alert_settings.OURS}
    return replace(stored, version=1) == Integration.from_data({**data, **ours})


def send_test(visit: Visit, stored: Integration) -> Response:
    hooks.send_test(stored.id, visit.agent, visit.now)
    return visit.go_to(done(f"{HOME}/{stored.id}", "tested") + "#last")


def renew(visit: Visit, stored: Integration) -> Response:
    alert_settings.renew_key(stored.id, visit.agent, visit.now)
    return visit.go_to(done(f"{HOME}/{stored.id}", "renewed"))


def forget(visit: Visit, stored: Integration) -> Response:
    alert_settings.forget_old_keys(stored.id, visit.agent, visit.now)
    return visit.go_to(done(f"{HOME}/{stored.id}", "forgotten"))


def delete(visit: Visit, stored: Integration) -> Response:
    alert_settings.delete_integration(stored.id, visit.agent, visit.now)
    return visit.go_to(done(HOME, "deleted"))


DEEDS = {"test": send_test, "renew": renew, "forget": forget, "delete": delete}
