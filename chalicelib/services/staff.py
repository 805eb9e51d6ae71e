"""Everybody who works here, at an instant: who is on shift, and who could take what.

The rows are kept for a moment in a process. A load that is out of date by then does no harm: the
write that gives somebody a ticket checks that they have room.
"""

import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain import business_hours
from chalicelib.domain.assignment import Candidate
from chalicelib.domain.calendars import Calendar
from chalicelib.domain.sight import Sight
from chalicelib.domain.vocabulary import Availability
from chalicelib.models.person import Person
from chalicelib.services import settings

KEPT_FOR_SECONDS = 2
NEAR = timedelta(minutes=1)
GONE = (Availability.AWAY, Availability.OUT_OF_OFFICE)

_kept: dict[str, tuple[float, dict[str, Person]]] = {}
_seen: dict[str, Any] = {}  # the candidates of one instant


def rows() -> dict[str, Person]:
    """By id, as they were at most KEPT_FOR_SECONDS ago."""
    until, found = _kept.get("rows", (0.0, {}))
    if time.monotonic() >= until:
        found = {row.person_id: row for row in Person.all_staff()}
        _kept["rows"] = (time.monotonic() + KEPT_FOR_SECONDS, found)
    return found


def forget() -> None:
    """Read them anew at the next use."""
    _kept.clear()
    _seen.clear()


def note_now(person: Person) -> None:
    """Read all anew at the next use, and this one as they are known to be: an index lags behind."""
    forget()
    known = rows()
    known.pop(person.person_id, None)
    if person.desk and not person.left_at:
        known[person.person_id] = person


def note_given(person_id: str, weight: int, now: datetime) -> None:
    """What this process gave out itself, so that the next choice sees it."""
    row = rows().get(person_id)
    if row:
        row.load, row.assigned_at = int(row.load or 0) + weight, now
        _seen.clear()


def candidates(now: datetime) -> list[Candidate]:
    """Everybody, whether they are there or not."""
    known = rows()
    if _seen.get("at") != (now, id(known)):
        _seen["at"] = (now, id(known))
        _seen["all"] = [candidate(row, now) for row in known.values()]
    found: list[Candidate] = _seen["all"]
    return found


def candidate(row: Person, now: datetime) -> Candidate:
    """One of them as choosing sees them."""
    hours, team = shift_of(row), settings.team_of(row.team)
    return Candidate(
        id=row.person_id,
        name=row.name,
        availability=availability_of(row, now),
        capacity=int(row.capacity),
        load=int(row.load or 0),
        tiers=frozenset(int(tier) for tier in row.tiers or ()),
        team=row.team,
        takes_any=not (team.dedicated or team.outside),
        on_shift=hours is None or _is_on_shift(row, hours, now),
        place=_city(hours) if hours else None,
        branch=row.branch,
        skills=row.skills or {},
        languages=tuple(row.languages or ()),
        assigned_at=row.assigned_at,
        sight=Sight.of(row.sees),
    )


def availability_of(row: Person, now: datetime) -> Availability:
    """What they said, until the time they named is over."""
    is_back = row.away_until is not None and row.away_until <= now
    return Availability.AVAILABLE if is_back else Availability(row.availability)


def is_outside(row: Person) -> bool:
    """Whether they see their team's tickets only; so does who is in a team that is not there."""
    team = settings.team_of(row.team)
    return team.outside or (row.team is not None and team.id != row.team)


def is_gone(one: Candidate) -> bool:
    """Not at work: off shift, away or out of office. Who is only busy is there."""
    return not one.on_shift or one.availability in GONE


def shift_of(row: Person) -> Calendar | None:
    return settings.calendar(row.shift) if row.shift else None


def stand_ins(person_id: str, now: datetime) -> Iterator[str]:
    """Somebody, and where they are out of office whoever stands in for them, and so on."""
    seen: list[str] = []
    current: str | None = person_id
    while current and current not in seen:
        seen.append(current)
        yield current
        row = rows().get(current)
        is_out = row and availability_of(row, now) is Availability.OUT_OF_OFFICE
        current = row.substitute if row and is_out else None


def next_at(ids: Iterable[str], now: datetime) -> datetime | None:
    """When the first of these is expected at work; None where that cannot be known."""
    known = rows()
    instants = (_back_at(known[one], now) for one in ids if one in known)
    return min((at for at in instants if at and at > now), default=None)


def _is_on_shift(row: Person, hours: Calendar, now: datetime) -> bool:
    """By the hours; near their end by what the tick noted, for the clocks of machines differ."""
    if not business_hours.is_open(hours, now):
        return False
    return row.on_shift is not False or business_hours.is_open(hours, now + NEAR)


def _back_at(row: Person, now: datetime) -> datetime | None:
    """The first instant at which they are on shift and not away; unknown while merely busy."""
    said, at = availability_of(row, now), now
    if said is not Availability.AVAILABLE:
        if said not in GONE or row.away_until is None:
            return None
        at = row.away_until
    hours = shift_of(row)
    return business_hours.next_opening(hours, at) if hours else at


def _city(hours: Calendar) -> str | None:
    """`São Paulo` is in the name of a zone as `Sao_Paulo`."""
    return None if hours.is_always else hours.zone.rpartition("/")[2].replace("_", " ")
