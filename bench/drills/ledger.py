"""What the crew's taps wrote down, read together: who tried and did what, at which true time."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from chalicelib.domain.instants import from_text, to_text
from chalicelib.models.timeline import TimelineEntry

Written = tuple[str, str, str, str]  # ticket, entry, kind, and the instant that the entry says


def written(entry: TimelineEntry) -> Written:
    return entry.ticket_id, entry.entry_id, entry.kind, to_text(entry.at)


class Ledger:
    """All lines of all processes, killed ones included."""

    def __init__(self, home: Path) -> None:
        self.first_tried_at: dict[Written, datetime] = {}
        self.done: set[Written] = set()
        self.tries = self.messages = self.twice = self.writes = 0
        for line in _lines(home):
            self._take(line)

    def _take(self, line: dict[str, Any]) -> None:
        at = from_text(line["at"])
        for one in line.get("tried", ()):
            key = _key(one)
            self.first_tried_at[key] = min(at, self.first_tried_at.get(key, at))
        self.done |= {_key(one) for one in line.get("done", ())}
        self.tries += "tried" in line
        self.writes += "done" in line
        self.messages += "message" in line
        self.twice += bool(line.get("twice"))


def _lines(home: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(home.glob("*.ledger")):
        yield from map(json.loads, path.read_text().splitlines())


def _key(one: dict[str, str]) -> Written:
    return one["ticket_id"], one["entry_id"], one["kind"], one["at"]
