"""The JSON API: every module registers its views on one blueprint."""

from chalicelib.handlers.api import (
    documents,
    health,
    hooks,
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
    "api",
    "documents",
    "health",
    "hooks",
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
