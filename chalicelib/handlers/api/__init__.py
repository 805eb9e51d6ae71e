"""The JSON API: every module registers its views on one blueprint."""

from chalicelib.handlers.api import (
    documents,
    health,
    hooks,
    people,
    promises,
    reports,
    settings,
    steps,
    talk,
    tickets,
)
from chalicelib.handlers.api.endpoint import api

__all__ = [
    "api",
    "documents",
    "health",
    "hooks",
    "people",
    "promises",
    "reports",
    "settings",
    "steps",
    "talk",
    "tickets",
]
