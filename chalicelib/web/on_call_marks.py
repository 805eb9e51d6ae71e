"""A rotation as people look at it: who is called, who is next, and the coming weeks drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain import on_call
from chalicelib.domain.on_call import OnCall, Rotation, Spell
from chalicelib.web.policy_words import both
from chalicelib.web.times import counted, spoken_span

WEEKS, WEEK = 4, timedelta(days=7)
WHEN = "%a %-d %b %H:%M"
LEFT = "somebody who left"
NOBODY = "nobody"

Data = dict[str, Any]
Names = Mapping[str, str]


def card(rotation: Rotation, found: OnCall, names: Names, now: datetime) -> Data:
    """`{id, name, now, next, backup, words, weeks, turns}` of a rotation."""
    backup = on_call.backup_of(rotation, now, found.now.person)
    return {
        "id": rotation.id,
        "name": rotation.name,
        "version": rotation.version,
        "tier": rotation.tier,
        "zone": rotation.zone,
        "now": told(found.now, names),
        "next": told(found.next, names) if found.next else None,
        "backup": named(backup, names) if backup else None,
        "words": words(rotation),
        "turns": [{"id": one, "name": named(one, names)} for one in rotation.people],
        **drawn(rotation, names, now),
    }


def told(spell: Spell, names: Names) -> Data:
    return {
        "id": spell.person or "",
        "name": named(spell.person, names),
        "is_there": spell.person in names,
        "starts": spell.starts,
        "ends": spell.ends,
        "by_override": spell.by_override,
    }


def named(person: str | None, names: Names) -> str:
    return names.get(person, LEFT) if person else NOBODY


def words(rotation: Rotation) -> str:
    """`Turns of 7 days, ... It calls for P1 and P2.`"""
    turns = f"Turns of {counted(rotation.turn_days, 'day')}, handed over at {rotation.hand_off}."
    within = spoken_span(rotation.acknowledge_within)
    calls = f"Calls for {both(sorted(rotation.pages_for))}" if rotation.pages_for else "Calls never"
    return f"{turns} {calls}, and goes up after {within} without an answer."


def drawn(rotation: Rotation, names: Names, now: datetime) -> Data:
    """Four weeks from this Monday on in the rotation's zone, and the same as a list."""
    zone = ZoneInfo(rotation.zone)
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    mondays = [monday + number * WEEK for number in range(WEEKS)]
    weeks = [week(rotation, one, names, now) for one in mondays]
    whole = on_call.spells(rotation, max(midnight(monday, zone), now),
                           midnight(monday + WEEKS * WEEK, zone))  # fmt: skip
    listed = [{**told(one, names), "words": when(one, zone)} for one in _joined(whole)]
    return {"weeks": weeks, "listed": listed}


def week(rotation: Rotation, monday: date, names: Names, now: datetime) -> Data:
    """`{label, words, pieces, now}`; places are per cent of a week of the wall clock."""
    zone = ZoneInfo(rotation.zone)
    start, end = midnight(monday, zone), midnight(monday + WEEK, zone)
    found = list(_joined(on_call.spells(rotation, start, end)))
    said = [f"{named(one.person, names)} {when(one, zone)}{mark(one)}" for one in found]
    return {
        "label": f"{monday:%-d %b}",
        "words": f"Week of {monday:%-d %B}: {'; '.join(said)}",
        "pieces": [piece(one, monday, zone, names) for one in found],
        "now": at_per_cent(now, monday, zone) if start <= now < end else None,
    }


def piece(spell: Spell, monday: date, zone: ZoneInfo, names: Names) -> Data:
    starts = at_per_cent(spell.starts, monday, zone)
    ends = at_per_cent(spell.ends, monday, zone) or 100.0
    return {
        **told(spell, names),
        "x": starts,
        "width": max(ends - starts, 0.0),
        "title": f"{named(spell.person, names)}, {when(spell, zone)}{mark(spell)}",
    }


def at_per_cent(at: datetime, monday: date, zone: ZoneInfo) -> float:
    """Where in a week an instant lies by the wall clock; its end is its beginning's 0 again."""
    since = at.astimezone(zone).replace(tzinfo=None) - datetime.combine(monday, time())
    return 100 * (since / WEEK % 1)


def when(spell: Spell, zone: ZoneInfo) -> str:
    starts, ends = (at.astimezone(zone).strftime(WHEN) for at in (spell.starts, spell.ends))
    return f"{starts} to {ends}"


def mark(spell: Spell) -> str:
    return " (override)" if spell.by_override else ""


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _joined(found: Iterable[Spell]) -> list[Spell]:
    """Without cuts between turns of the same person."""
    out: list[Spell] = []
    for one in found:
        last = out[-1] if out else None
        if last and (last.person, last.by_override) == (one.person, one.by_override):
            out[-1] = Spell(last.starts, one.ends, one.person, one.by_override)
        else:
            out.append(one)
    return out
