"""Our stylesheet, script and pictures."""

from chalice import Response

from chalicelib.domain.errors import NotFound
from chalicelib.domain.permissions import Access
from chalicelib.handlers.headers import OF_ASSETS
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.visit import Visit
from chalicelib.web import assets


@page("/static/{name}", access=Access.ANYONE, same_for_all=True)
def static_file(visit: Visit, name: str) -> Response:
    found = assets.find(name)
    if found is None:
        raise NotFound("There is no such file.")
    headers: dict[str, str | list[str]] = {**OF_ASSETS, "Content-Type": found.content_type}
    return Response(body=found.body, status_code=200, headers=headers)
