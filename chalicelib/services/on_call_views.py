"""On-call for people and programs to read: who is called now, who next, and the weeks ahead."""

from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.instants import to_text
from chalicelib.domain.on_call import Rotation, Spell, spells
from chalicelib.services import paging, staff

View = dict[str, Any]


def now_and_next(now: datetime) -> list[View]:
    """Per rotation: who is called and who takes over from them, with the instants."""
    return [_of(one["rotation"], one["on_call"]) for one in paging.now_on_call(now)]


def schedule(rotation: Rotation, days: int, now: datetime) -> list[View]:
    """Who is called from now on for some days, cut wherever that changes."""
    return [spell_view(one) for one in spells(rotation, now, now + timedelta(days=days))]


def spell_view(spell: Spell) -> View:
    """A spell with the name of its person; nobody, before the first turn."""
    row = staff.rows().get(spell.person or "")
    person = {"id": spell.person, "name": row.name if row else None} if spell.person else None
    return {
        "starts_at": to_text(spell.starts), "ends_at": to_text(spell.ends),
        "person": person, "by_override": spell.by_override,
    }  # fmt: skip


def _of(rotation: Rotation, found: Any) -> View:
    return {
        "id": rotation.id, "name": rotation.name, "tier": rotation.tier,
        "now": spell_view(found.now), "then": spell_view(found.next) if found.next else None,
    }  # fmt: skip
