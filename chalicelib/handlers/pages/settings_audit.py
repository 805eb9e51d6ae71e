"""The audit for admins: what was changed and who signed in, as a table and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from chalice import Response

from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.handlers.pages.settings_frame import show
from chalicelib.handlers.pages.visit import HEADERS, Visit
from chalicelib.services import audit, audit_chain, staff
from chalicelib.web import audit_page, csv_text, forms
from chalicelib.web.audit_page import day_asked

HERE, HOME, FILE = "audit", "/settings/audit", "audit.csv"
PAGE, AT_ONCE = 50, 200
MOST = csv_text.Most(5_000, 4_000_000, "There are more rows than fit here: ask for fewer days.")
DAYS = 7


def listing(visit: Visit) -> Response:
    asked, errors = query_of(visit)
    rows: list[dict[str, Any]] = []
    following = None
    if not errors:
        try:
            rows, following = some(visit, asked, PAGE, visit.asked("cursor"))
        except Invalid as error:
            errors = {"from": str(error)}
    actors = [(one.person_id, one.name) for one in everybody()]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    return show(
        visit, "audit.html", HERE, status,
        rows=[audit_page.line(one, dict(actors)) for one in rows],
        form={**forms.EMPTY, "typed": asked, "errors": errors},
        actors=actors,
        more=link(asked, cursor=following) if following else None,
        file=link(asked, f"{HOME}/{FILE}"), head=audit_chain.head(),
    )  # fmt: skip


def file(visit: Visit, name: str) -> Response:
    """The rows of some days as CSV; a last line says so where there are more than fit."""
    asked, errors = query_of(visit)
    if name != FILE or errors:
        raise NotFound("There is no such file.")
    text = csv_text.written(audit_page.COLUMNS, map(audit_page.flat, every(visit, asked)), MOST)
    headers: dict[str, Any] = {
        **HEADERS,
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="audit-{asked["from"]}-{asked["to"]}.csv"',
    }
    return Response(text, headers, 200)


def query_of(visit: Visit) -> tuple[dict[str, Any], dict[str, str]]:
    """`{from, to, actor}` as asked, in days of UTC, and what is wrong with them."""
    today = visit.now.date()
    until, wrong_to = day_asked(visit.asked("to"), today)
    since, wrong_from = day_asked(visit.asked("from"), until - timedelta(days=DAYS))
    wrong = {"to": wrong_to, "from": wrong_from}
    errors = {name: detail for name, detail in wrong.items() if detail}
    return {"from": since, "to": until, "actor": (visit.asked("actor") or "")[:64]}, errors


def some(
    visit: Visit, asked: dict[str, Any], limit: int, cursor: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    days = (asked["from"], asked["to"])
    return audit.page(visit.agent, visit.now, *days, asked["actor"] or None, limit, cursor)


def every(visit: Visit, asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Read as they are asked for: what does not fit is not read."""
    rows, following = some(visit, asked, AT_ONCE, None)
    yield from rows
    while following:
        rows, following = some(visit, asked, AT_ONCE, following)
        yield from rows


def everybody() -> list[Any]:
    return sorted(staff.rows().values(), key=lambda one: str(one.name))


def link(asked: dict[str, Any], path: str = HOME, **more: Any) -> str:
    return f"{path}?{urlencode({k: v for k, v in {**asked, **more}.items() if v})}"
