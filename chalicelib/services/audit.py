"""The audit: who changed what or signed in, from where, as it was before and as it is after.

A row is saved in the transaction of the change that it tells of. What is done elsewhere than in our
tables, at the identity provider or by a message to a queue, is told before it is done: at worst a
row tells of what did not come, but nothing comes untold. Rows are added and never changed; the
chain (services/audit_chain.py) shows whether that was kept.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ulid import ULID

from chalicelib.domain.audit import fitted, without_words
from chalicelib.domain.errors import FieldError, Invalid
from chalicelib.domain.events import Kind
from chalicelib.domain.instants import plausible_day, to_text
from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import check_can_configure
from chalicelib.domain.vocabulary import Role
from chalicelib.models.audit import AuditRow
from chalicelib.services import origin
from chalicelib.services.cursors import Cursors
from chalicelib.services.limits import block_of

DAYS_AT_ONCE = 92

Data = dict[str, Any]


@dataclass(frozen=True)
class Act:
    """Who does something, and when."""

    actor: Actor
    now: datetime


def row(
    action: str, actor: Actor, about: str, now: datetime, before: Any = None, after: Any = None
) -> AuditRow:
    """What somebody did, to be saved with it; secrets are hidden in `before` and `after`.

    `action` is a noun and a verb, as `team.changed`; `about` names what it was done to.
    """
    by = {"id": actor.id, "name": actor.name, "role": actor.role.value}
    return _row(now, str(ULID()), action, by, about, before, after, origin.address())


def of_entry(image: Data) -> AuditRow:
    """What an entry of a timeline says happened; the same row however often that is told."""
    at, name = image["at"], f"{image['ticket_id']}#{image['entry_id']}"
    done = without_words(Kind(image["kind"]), image["data"])
    made = _row(at, name, f"ticket.{image['kind']}", image["by"], image["ticket_id"], None, None,
                image.get("address"))  # fmt: skip
    made.before, made.after = fitted(done.pop("before", None)), fitted(done or None)
    return made


def page(
    actor: Actor, now: datetime, since: date, until: date, of: str | None, limit: int,
    cursor: str | None,
) -> tuple[list[Data], str | None]:  # fmt: skip
    """Rows of some days, newest first, perhaps of one actor; and where the next page begins.

    Raises NotPermitted, Invalid.
    """
    check_can_configure(actor)
    _check_near(until)
    if not timedelta() <= until - since <= timedelta(days=DAYS_AT_ONCE):
        raise Invalid(FieldError("/from", f"Ask for at most {DAYS_AT_ONCE} days, in order."))
    cursors = Cursors(f"audit {actor.id} {since} {until} {of}", now)
    upto = cursors.position(cursor) or f"{until + timedelta(days=1)}"
    rows = _of_actor(of, since, upto, limit + 1) if of else _of_days(since, upto, limit + 1)
    more = len(rows) > limit
    return [view(one) for one in rows[:limit]], cursors.at(rows[limit - 1].row_id) if more else None


def view(found: AuditRow) -> Data:
    """A row as callers see it."""
    return {
        "id": found.row_id, "at": to_text(found.at), "action": found.action, "actor": found.actor,
        "about": found.about, "address": found.address, "before": found.before,
        "after": found.after,
    }  # fmt: skip


def _check_near(until: date) -> None:
    try:
        plausible_day(until)
    except ValueError as error:
        raise Invalid(FieldError("/to", f"The day {error}.")) from error


def _of_actor(actor_id: str, since: date, upto: str, limit: int) -> list[AuditRow]:
    found = AuditRow.of_actor(actor_id, since.isoformat(), upto, limit + 1)
    return [one for one in found if one.row_id < upto][:limit]


def _of_days(since: date, upto: str, limit: int) -> list[AuditRow]:
    found: list[AuditRow] = []
    day = date.fromisoformat(upto[:10])
    while day >= since and len(found) < limit:
        found += AuditRow.of_day(day, upto, limit - len(found))
        day -= timedelta(days=1)
    return found


def _row(
    at: datetime, name: str, action: str, by: Data, about: str, before: Any, after: Any,
    address: str | None,
) -> AuditRow:  # fmt: skip
    if by["role"] == Role.REQUESTER:  # rows stay for good: of who only asks, as little as will do
        by, address = {**by, "name": ""}, block_of(address) if address else None
    moment = at.astimezone(UTC)
    return AuditRow(
        moment.date().isoformat(), f"{to_text(moment)}#{name}", at=at, action=action,
        actor_id=by["id"], actor=by, about=about, address=address,
        before=fitted(before), after=fitted(after),
    )  # fmt: skip
