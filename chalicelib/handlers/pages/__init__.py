"""The HTML pages: every module registers its views on one blueprint."""

from chalicelib.handlers.pages import (
    desk,
    docs,
    portal,
    reports,
    requests,
    settings_rooms,
    sign_in,
    static,
    ticket,
)
from chalicelib.handlers.pages.door import pages

__all__ = [
    "desk",
    "docs",
    "pages",
    "portal",
    "reports",
    "requests",
    "settings_rooms",
    "sign_in",
    "static",
    "ticket",
]
