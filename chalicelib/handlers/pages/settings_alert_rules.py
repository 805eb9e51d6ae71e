"""The alert rules: their order, and the editor of one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.domain.alert_rules import AlertRule
from chalicelib.handlers.pages import settings_frame as frame
from chalicelib.handlers.pages.settings_frame import NEW, done, show, told
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import alert_settings, settings
from chalicelib.web import alert_rule_form, alert_rule_page, forms, rule_words
from chalicelib.web.alert_rule_form import AlertRuleForm, fields_of
from chalicelib.web.refusals import differences
from chalicelib.web.settings_forms import OrderForm, moved

HERE, HOME = "alert-rules", "/settings/alert-rules"


def listing(visit: Visit, status: HTTPStatus = HTTPStatus.OK, **more: Any) -> Response:
    rules = alert_rule_page.cards(settings.alert_rules(), branches())
    context = {"rules": rules, "told": told(visit), **more}
    return show(visit, "alert_rules.html", HERE, status, **context)


def branches() -> dict[str, str]:
    return {one["id"]: str(one["name"]) for one in settings.branches()}


def reorder(visit: Visit) -> Response:
    """Ask a rule one place earlier or later."""
    sent = forms.read(visit.incoming.body(), OrderForm)
    if sent.value is None:
        return listing(visit, HTTPStatus.UNPROCESSABLE_ENTITY, form=sent.shown())
    up, down = sent.value.up, sent.value.down
    ids = [one.id for one in settings.alert_rules()]
    wanted = moved(ids, up or down or "", -1 if up else 1)
    alert_settings.order_alert_rules(wanted, visit.agent, visit.now)
    return visit.go_to(done(HOME, "order"))


def editor(visit: Visit, name: str) -> Response:
    stored = None if name == NEW else alert_settings.alert_rule(name)
    form = {**forms.EMPTY, "typed": alert_rule_form.filled(stored)}
    return edit(visit, stored, form, told=told(visit, stored.version if stored else None))


def edit(
    visit: Visit, stored: AlertRule | None, form: dict[str, Any],
    status: HTTPStatus = HTTPStatus.OK, **more: Any,
) -> Response:  # fmt: skip
    stored_as = alert_rule_form.filled(stored)
    context = {
        "heading": stored.name if stored else "New alert rule",
        "rule": stored,
        "version": stored.version if stored else None,
        "stale": None,
        "differs": differences(form["typed"], stored_as, alert_rule_form.LABELS),
        "labels": alert_rule_form.LABELS,
        "branches": list(branches().items()),
        "tiers": rule_words.tiers(settings.tier_names()),
        "levels": alert_rule_page.LEVELS,
    }
    return show(visit, "alert_rule.html", HERE, status, form=form, **{**context, **more})


def submit(visit: Visit, name: str) -> Response:
    stored = None if name == NEW else alert_settings.alert_rule(name)
    shown, typed = partial(edit, visit, stored), alert_rule_form.filled(stored)
    if stored and visit.incoming.form.get("do") == "delete":
        return frame.press(visit, shown, typed, lambda _: delete(visit, stored))
    return frame.submit(visit, AlertRuleForm, shown, partial(save, visit, stored), fields_of)


def save(visit: Visit, stored: AlertRule | None, asked: Any) -> Response:
    data, put = alert_rule_form.data_of(asked), alert_settings.put_alert_rule
    return frame.store(visit, HOME, stored, data, asked.version, put, is_same)


def is_same(stored: AlertRule, data: dict[str, Any]) -> bool:
    """Whether the form says what is stored; what could not be stored does not."""
    return replace(stored, version=1) == AlertRule.from_data(data)


def delete(visit: Visit, stored: AlertRule) -> Response:
    alert_settings.delete_alert_rule(stored.id, visit.agent, visit.now)
    return visit.go_to(done(HOME, "deleted"))
