"""The audit in words: what was done to what, and how it was before and is now."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib.domain.identifiers import is_ticket_id
from chalicelib.domain.instants import FIRST_YEAR, LAST_YEAR

COLUMNS = ("at", "action", "about", "actor_id", "actor", "role", "address", "before", "after")
AT_MOST = 160  # characters of a value in the table; the file has all
FAR = f"Give a day of the years {FIRST_YEAR} to {LAST_YEAR}."

Data = Mapping[str, Any]


def line(row: Data, names: Mapping[str, str]) -> dict[str, Any]:
    """`{id, at, what, who, role, address, about, link, changes: [{name, before, after}]}`.

    `names` are those of people, by their ids.
    """
    return {
        "id": row["id"],
        "at": row["at"],
        "what": re.sub(r"[._]", " ", row["action"]).capitalize(),
        "who": row["actor"].get("name") or row["actor"]["id"],
        "actor_id": row["actor"]["id"],
        "role": row["actor"].get("role", ""),
        "address": row["address"],
        "about": names.get(row["about"], row["about"]),
        "link": f"/desk/tickets/{row['about']}" if is_ticket_id(row["about"]) else None,
        "changes": changes(row["before"], row["after"]),
    }


def flat(row: Data) -> dict[str, Any]:
    """A row for a file, what was before and after as JSON."""
    who = row["actor"]
    return {
        **row,
        "actor_id": who["id"], "actor": who.get("name", ""), "role": who.get("role", ""),
        "before": _json(row["before"]), "after": _json(row["after"]),
    }  # fmt: skip


def changes(before: Any, after: Any) -> list[dict[str, str]]:
    """Name by name what is not the same, as short text; empty where there is nothing."""
    was, became = _named(before), _named(after)
    names = [one for one in dict.fromkeys([*was, *became]) if was.get(one) != became.get(one)]
    return [
        {"name": name.replace("_", " "), "before": _short(was.get(name)),
         "after": _short(became.get(name))}
        for name in names
    ]  # fmt: skip


def day_asked(text: str | None, otherwise: date) -> tuple[date, str | None]:
    """A day of a query, and what is wrong with it if it is none."""
    try:
        day = date.fromisoformat(text) if text else otherwise
    except ValueError:
        return otherwise, "Give a day as 2026-11-23."
    is_near = FIRST_YEAR <= day.year <= LAST_YEAR
    return (day, None) if is_near or not text else (otherwise, FAR)


def _named(value: Any) -> Data:
    if isinstance(value, Mapping):
        return value
    return {} if value is None else {"all": value}


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else _json(value)
    return text if len(text) <= AT_MOST else text[: AT_MOST - 1] + "…"


def _json(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)
