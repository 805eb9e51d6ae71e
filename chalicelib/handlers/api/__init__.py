"""The JSON API: every module registers its views on one blueprint."""

from chalicelib.handlers.api import (
    alert_settings,
    deliveries,
    documents,
    health,
    hooks,
    integrations,
    on_call,
    people,
    promises,
    reports,
    settings,
    staffing,
    steps,
    talk,
    tickets,
    transfers,
)
from chalicelib.handlers.api.endpoint import api

__all__ = [
    "alert_settings",
    "api",
    "deliveries",
    "documents",
    "health",
    "hooks",
    "integrations",
    "on_call",
    "people",
    "promises",
    "reports",
    "settings",
    "staffing",
    "steps",
    "talk",
    "tickets",
    "transfers",
]
