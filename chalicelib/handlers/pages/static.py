"""Our stylesheet, script and pictures."""

from chalice import Response

from chalicelib.domain.errors import NotFound
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.visit import Visit
from chalicelib.web import assets


@page("/static/{name}", same_for_all=True)
def static_file(visit: Visit, name: str) -> Response:
    found = assets.find(name)
    if found is None:
        raise NotFound("There is no such file.")
    headers: dict[str, str | list[str]] = {
        "Content-Type": found.content_type,
        "Cache-Control": assets.FOREVER,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return Response(body=found.body, status_code=200, headers=headers)
