"""Alert rules and maintenance windows over HTTP."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from chalice import Response

from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import Access
from chalicelib.handlers.api import alert_setting_answers as answers
from chalicelib.handlers.api.alert_setting_schemas import AlertRuleIn, WindowIn
from chalicelib.handlers.api.collection import Collection, listed, serve
from chalicelib.handlers.api.endpoint import Call, endpoint
from chalicelib.handlers.api.setting_schemas import Order
from chalicelib.services import alert_settings, alert_views, clock, settings
from chalicelib.services.once import Once

TAGS: dict[str, Any] = {"tags": ("settings",)}
Data = dict[str, Any]


def _windows() -> list[Data]:
    return [alert_views.window(one, clock.now()) for one in settings.windows()]


def _window(window_id: str) -> Data:
    return alert_views.window(alert_settings.window(window_id), clock.now())


def _put_window(
    data: Data, actor: Actor, now: datetime, seen: int | None = None,
    *, new: bool = False, once: Once | None = None,
) -> Data:  # fmt: skip
    def phrase(stored: Any, *more: Any) -> Data:
        return once.phrase(alert_views.window(stored, now), *more) if once else {}

    kept = replace(once, phrase=phrase) if once else None
    stored = alert_settings.put_window(data, actor, now, seen, new=new, once=kept)
    return alert_views.window(stored, now)


ALERT_RULES = Collection(
    path="/alert-rules",
    one="alert_rule",
    many="alert_rules",
    body=AlertRuleIn,
    answer=answers.AlertRuleOut,
    answers=answers.AlertRulesOut,
    listed=settings.alert_rules,
    found=alert_settings.alert_rule,
    put=alert_settings.put_alert_rule,
    deleted=alert_settings.delete_alert_rule,
    says=(
        "List the alert rules in the order in which they are asked; the first match wins.",
        "Add an alert rule, after those of the order.",
        "Read an alert rule as it is now.",
        "Change an alert rule; new incidents go by it.",
        "Delete an alert rule.",
    ),
)
WINDOWS = Collection(
    path="/maintenance-windows",
    one="maintenance_window",
    many="maintenance_windows",
    body=WindowIn,
    answer=answers.WindowOut,
    answers=answers.WindowsOut,
    listed=_windows,
    found=_window,
    put=_put_window,
    deleted=alert_settings.delete_window,
    says=(
        "List the maintenance windows, and which are open now.",
        "Add a maintenance window: its alerts are kept and counted, and open no incident.",
        "Read a maintenance window as it is now.",
        "Change a maintenance window.",
        "Delete a maintenance window; what still fires then opens its incident.",
    ),
)

for kind in (ALERT_RULES, WINDOWS):
    serve(kind)


@endpoint("PUT", "/alert-rule-order", Access.ADMIN, body=Order, answers=answers.AlertRulesOut,
          **TAGS)  # fmt: skip
def order_alert_rules(call: Call) -> Response:
    """Say in which order the alert rules are asked."""
    alert_settings.order_alert_rules(call.body.ids, call.actor, call.now)
    return listed(ALERT_RULES, call)
