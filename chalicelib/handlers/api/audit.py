"""The audit, for admins: who changed what or signed in, from where."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from chalice import Response
from pydantic import BaseModel, Field

from chalicelib.domain.permissions import Access
from chalicelib.handlers.api.endpoint import Call, endpoint
from chalicelib.handlers.api.schemas import Day, PageQuery
from chalicelib.handlers.entry import json_response
from chalicelib.services import audit

DAYS = 7


class AuditQuery(PageQuery):
    """Days in UTC, both of them included; without them, the last seven days."""

    since: Annotated[Day | None, Field(alias="from", examples=["2026-11-01"])] = None
    until: Annotated[Day | None, Field(alias="to", examples=["2026-11-30"])] = None
    actor: Annotated[str, Field(max_length=64)] | None = None


class AuditRowOut(BaseModel):
    """`before` and `after` hold what was changed, with secrets hidden."""

    id: str
    at: datetime
    action: str
    actor: dict[str, str]
    about: str
    address: str | None
    before: Any
    after: Any


class AuditOut(BaseModel):
    items: list[AuditRowOut]
    next: str | None


@endpoint("GET", "/audit", Access.ADMIN, query=AuditQuery, answers=AuditOut, tags=("audit",))
def read_audit(call: Call) -> Response:
    """Read who changed what and signed in, newest first."""
    asked: AuditQuery = call.query
    until = asked.until or call.now.date()
    since = asked.since or until - timedelta(days=DAYS)
    limits = (asked.actor, asked.limit, asked.cursor)
    rows, following = audit.page(call.actor, call.now, since, until, *limits)
    return json_response({"items": rows, "next": following})
