"""The API's documentation as a readable page."""

from chalice import Response

from chalicelib.domain.permissions import Access
from chalicelib.handlers.api.openapi import document
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.visit import Visit
from chalicelib.web.api_docs import topics


@page("/docs/api", access=Access.ANYONE)
def api_docs(visit: Visit) -> Response:
    described = document(visit.incoming.base_url)
    return visit.show("api_docs.html", document=described, topics=topics(described))
