"""All that the desk holds about somebody as one page to read: it needs nothing beside itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.web.rendering import render

TITLES = {
    "profile": "Profile",
    "addresses_proven": "Addresses that a mailed link has proven",
    "links": "Links in mails, and what they open",
    "sessions": "Sessions of browsers",
    "api_tokens": "API tokens",
    "acts": "What was done here under this name",
    "assignments": "Requests worked on",
}


def text(whole: Mapping[str, Any]) -> str:
    """The page, from what `data.json` says."""
    sections = [(TITLES[name], whole[name]) for name in TITLES if whole.get(name)]
    return render("export.html.j2", whole=whole, sections=sections)
