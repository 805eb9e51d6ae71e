"""The HTML pages: every module registers its views on one blueprint."""

from chalicelib.handlers.pages import desk, docs, portal, requests, sign_in, static, ticket
from chalicelib.handlers.pages.door import pages

__all__ = ["desk", "docs", "pages", "portal", "requests", "sign_in", "static", "ticket"]
