"""Every address of the desk with who may come to it, from the tables that serve them."""

from dataclasses import dataclass

from chalicelib.domain.permissions import Access

HOOKS, OPEN = "/hooks/", ("/healthz", "/openapi.json")


@dataclass(frozen=True, order=True)
class Route:
    path: str
    method: str
    access: Access

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def is_page(self) -> bool:
        return not self.is_api and not self.path.startswith(HOOKS) and self.path not in OPEN

    @property
    def is_of_a_ticket(self) -> bool:
        """Or of a file on one."""
        return "{ticket_id}" in self.path or "{attachment_id}" in self.path

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def served() -> set[tuple[str, str]]:
    """What Chalice really serves."""
    from app import app

    return {(path, method) for path, methods in app.routes.items() for method in methods}


def routes() -> list[Route]:
    """What says who may come to it."""
    from chalicelib.handlers.api.endpoint import ENDPOINTS, PREFIX
    from chalicelib.handlers.pages.door import PAGES

    known = served()
    api = [Route(PREFIX + one.path, one.method, one.access) for one in ENDPOINTS]
    pages = [Route(one.path, method, one.access) for one in PAGES for method in one.methods]
    hooks = [Route(path, method, Access.KEY) for path, method in known if path.startswith(HOOKS)]
    free = [Route(path, "GET", Access.ANYONE) for path in OPEN]
    return sorted([*api, *pages, *hooks, *free])
