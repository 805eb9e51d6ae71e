"""The HTML pages: every module registers its views on one blueprint."""

from chalicelib.handlers.pages import (
    availability,
    deliveries,
    desk,
    docs,
    on_call,
    on_call_link,
    portal,
    queues,
    reports,
    requests,
    settings_rooms,
    sign_in,
    static,
    ticket,
    transfers,
)
from chalicelib.handlers.pages.door import pages

__all__ = [
    "availability",
    "deliveries",
    "desk",
    "docs",
    "on_call",
    "on_call_link",
    "pages",
    "portal",
    "queues",
    "reports",
    "requests",
    "settings_rooms",
    "sign_in",
    "static",
    "ticket",
    "transfers",
]
