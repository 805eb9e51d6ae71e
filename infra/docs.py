"""Writes docs/generated from the code and from infra/resources.yaml, so that it cannot be wrong.

python -m infra.docs [--check]
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from chalicelib.adapters.monitoring import all_sources
from chalicelib.domain.events import PUBLIC, Kind
from chalicelib.domain.lifecycle import PLAIN_LABELS, TRANSITIONS, is_final
from chalicelib.domain.sla import PAUSED_BY
from chalicelib.domain.vocabulary import Status, Target
from chalicelib.services.publishing import NOTIFICATIONS, ROUTES, TIER, VERDICTS
from infra.local import template

ROOT = Path(__file__).parent.parent
HOME = ROOT / "docs" / "generated"
RESOURCES = ROOT / "infra" / "resources.yaml"
PREFIX = "helpdesk-${Stage}-"
NOTE = "<!-- Written by `make docs`. Change the code, not this page. -->"
QUEUE_NAMES = {TIER: "the queue of the ticket's tier", NOTIFICATIONS: "`notifications`"}

Lines = Iterator[str]
Properties = dict[str, Any]


def lifecycle() -> Lines:
    """Which status may follow which, from the table that the code itself asks."""
    yield "# The life of a ticket\n"
    yield "From `TRANSITIONS` in `chalicelib/domain/lifecycle.py`.\n"
    yield "```mermaid\nstateDiagram-v2\n    [*] --> new"
    yield from _arrows()
    yield "```\n"
    rows = ((f"`{one}`", PLAIN_LABELS[one], _paused_in(one), _ends(one)) for one in Status)
    yield from _table(("status", "the requester reads", "clocks that rest", ""), rows)
    yield f"\nNothing leads to {_listed(_unreachable())} yet."


def routes() -> Lines:
    """Which queue hears of which event, from the relay's own table."""
    yield "# Who hears of what\n"
    yield "From `ROUTES` in `chalicelib/services/publishing.py`. An event is an entry of a ticket's"
    yield "timeline; the relay tells the queues its ids, and what is told to nobody stays readable"
    yield "there. An entry that ends a cycle of a clock, whatever its kind, is told to"
    yield f"`{VERDICTS}` as well.\n"
    rows = ((f"`{kind}`", _queues_of(kind), "yes" if kind in PUBLIC else "") for kind in Kind)
    yield from _table(("event", "told to", "the requester may read it"), rows)


def tables() -> Lines:
    """Tables, indexes and queues, from the file that creates them."""
    found = template.read(RESOURCES)["Resources"]
    yield "# Tables and queues\n"
    yield "From `infra/resources.yaml`. Every name begins with `helpdesk-<stage>-`.\n"
    yield "## Tables\n"
    yield from _table(("table", "key", "stream", "expires by"), map(_table_row, _tables(found)))
    yield "\n## Indexes\n"
    rows = (row for one in _tables(found) for row in _index_rows(one))
    yield from _table(("table", "index", "key", "holds"), rows)
    yield "\n## Queues\n"
    heads = ("queue", "hidden while worked on", "kept", "set aside after", "read by")
    yield from _table(heads, (_queue_row(name, found) for name in _queues(found)))


def sources() -> Lines:
    """The monitoring tools that are known, from the files that read them."""
    yield "# Monitoring tools\n"
    yield "From `chalicelib/adapters/monitoring`. `{url}` is the address of an integration, and"
    yield "`{secret}` its secret; the page of an integration shows both filled in.\n"
    for source in all_sources():
        yield f"## {source.title}\n"
        yield f"`{source.id}` · {source.proof}\n"
        yield from (f"{place}. {line}" for place, line in enumerate(source.set_up, start=1))
        yield ""


PAGES: dict[str, Callable[[], Lines]] = {
    "lifecycle.md": lifecycle,
    "routes.md": routes,
    "tables.md": tables,
    "sources.md": sources,
}


def stale(home: Path = HOME) -> list[str]:
    """Names of the pages that do not say what the code says."""
    return [name for name, content in _pages() if _read(home / name) != content]


def write(home: Path = HOME) -> None:
    home.mkdir(parents=True, exist_ok=True)
    for name, content in _pages():
        (home / name).write_text(content, "utf-8")


def _pages() -> Iterator[tuple[str, str]]:
    return ((name, "\n".join([NOTE, "", *lines()]) + "\n") for name, lines in PAGES.items())


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


def _arrows() -> Lines:
    reachable = [one for one in Status if one not in _unreachable()]
    for before in reachable:
        yield from (f"    {before} --> {after}" for after in Status if after in TRANSITIONS[before])
    yield from (f"    {one} --> [*]" for one in reachable if is_final(one))


def _unreachable() -> list[Status]:
    reached = {Status.NEW}.union(*TRANSITIONS.values())
    return [one for one in Status if one not in reached]


def _paused_in(status: Status) -> str:
    paused = PAUSED_BY.get(status, frozenset())
    return "all" if paused == frozenset(Target) else _listed(sorted(paused))


def _ends(status: Status) -> str:
    return "final" if is_final(status) else ""


def _queues_of(kind: Kind) -> str:
    return ", ".join(QUEUE_NAMES.get(name, f"`{name}`") for name in ROUTES.get(kind, ()))


def _tables(found: Properties) -> list[Properties]:
    return _of_type(found, "AWS::DynamoDB::Table")


def _of_type(found: Properties, kind: str) -> list[Properties]:
    return [one["Properties"] for one in found.values() if one.get("Type") == kind]


def _table_row(table: Properties) -> tuple[str, ...]:
    stream = table.get("StreamSpecification", {}).get("StreamViewType", "")
    expires = table.get("TimeToLiveSpecification", {}).get("AttributeName", "")
    return _name(table["TableName"]), _key(table), stream, f"`{expires}`" if expires else ""


def _index_rows(table: Properties) -> Iterator[tuple[str, ...]]:
    for index in table.get("GlobalSecondaryIndexes", []):
        held = _held(index["Projection"])
        yield _name(table["TableName"]), f"`{index['IndexName']}`", _key(index), held


def _held(projection: Properties) -> str:
    if projection["ProjectionType"] == "INCLUDE":
        return f"keys, {_listed(projection['NonKeyAttributes'])}"
    return "everything" if projection["ProjectionType"] == "ALL" else "keys"


def _key(of: Properties) -> str:
    return " + ".join(f"`{part['AttributeName']}`" for part in of["KeySchema"])


def _queues(found: Properties) -> list[str]:
    return [name for name, one in found.items() if one.get("Type") == "AWS::SQS::Queue"]


def _queue_row(name: str, found: Properties) -> tuple[str, ...]:
    queue = found[name]["Properties"]
    hidden, kept = queue.get("VisibilityTimeout"), queue["MessageRetentionPeriod"] // 86400
    tries = queue.get("RedrivePolicy", {}).get("maxReceiveCount")
    return (
        _name(queue["QueueName"]),
        f"{hidden} s" if hidden else "",
        f"{kept} days",
        f"{tries} tries" if tries else "",
        _listed(_readers(name, found)),
    )


def _readers(queue: str, found: Properties) -> list[str]:
    """Functions with this queue as their event source."""
    wanted = {"Fn::GetAtt": [queue, "Arn"]}
    return [
        one["Properties"]["FunctionName"]["Fn::Sub"].removeprefix(PREFIX)
        for one in found.values()
        for source in one.get("Properties", {}).get("Events", {}).values()
        if source["Properties"].get("Queue") == wanted
    ]


def _name(given: Properties) -> str:
    return f"`{given['Fn::Sub'].removeprefix(PREFIX)}`"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Lines:
    for cells in (heads, ("---",) * len(heads), *rows):
        yield f"| {' | '.join(cells)} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m infra.docs")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if a page is stale")
    if not parser.parse_args().check:
        write()
        return 0
    found = stale()
    if found:
        print(f"Stale in docs/generated: {', '.join(found)}. `make docs` writes them anew.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
