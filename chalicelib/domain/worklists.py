"""Where a ticket stands in the work lists: partitions and ranks of the sparse indexes."""

import zlib
from datetime import datetime

from chalicelib.domain.instants import LAST, to_text
from chalicelib.domain.vocabulary import ACTIVE, TIERS, Status

LIST_SHARDS = 1
DUE_SHARDS = 4
HISTORY_YEARS = 5
OPEN_RANK, FINISHED_RANK = "A|", "F|"


def list_name(tier: int, status: Status, ticket_id: str, updated_at: datetime) -> str:
    """The partition: a shard of the tier's queue, or the year in which the ticket ended."""
    if status in ACTIVE:
        return f"tier{tier}/{_shard(ticket_id, LIST_SHARDS)}"
    return finished_list(updated_at)


def list_rank(
    next_deadline_at: datetime | None, status: Status, ticket_id: str, updated_at: datetime
) -> str:
    """Open tickets before finished ones; the nearest deadline first, resting clocks last."""
    if status in ACTIVE:
        deadline = to_text(next_deadline_at) if next_deadline_at else LAST
        return f"{OPEN_RANK}{deadline}|{ticket_id}"
    return f"{FINISHED_RANK}{to_text(updated_at)}|{ticket_id}"


def rank_at(instant: datetime) -> str:
    """Ranks of open tickets below this one are due by then."""
    return f"{OPEN_RANK}{to_text(instant)}|~"


def tier_lists(tiers: list[int] | None = None) -> list[str]:
    """All partitions of these tiers' queues."""
    return [f"tier{t}/{shard}" for t in tiers or TIERS for shard in range(LIST_SHARDS)]


def finished_list(instant: datetime) -> str:
    return f"finished/{instant:%Y}"


def finished_lists(now: datetime) -> list[str]:
    """The partitions of finished tickets, newest first."""
    return [f"finished/{now.year - age}" for age in range(HISTORY_YEARS)]


def span(after: str | None, finished: bool) -> tuple[str, str]:
    """The ranks still to be read: of open tickets upwards, of finished ones downwards."""
    prefix = FINISHED_RANK if finished else OPEN_RANK
    if after is None:
        return prefix, f"{prefix}~"
    return (prefix, after[:-1]) if finished else (f"{after}!", f"{prefix}~")


def finished_since(since: datetime, after: str | None) -> tuple[str, str]:
    """The ranks of tickets that ended at or after an instant, upwards from the last one read."""
    return (f"{after}!" if after else f"{FINISHED_RANK}{to_text(since)}"), f"{FINISHED_RANK}~"


def waiting_list(tier: int) -> str:
    """The partition of a tier's tickets for which nobody was found."""
    return f"tier{tier}"


def pull_list(team_id: str) -> str:
    """The partition of what waits until somebody of a team takes it."""
    return f"pull/{team_id}"


def waiting_rank(priority: str, since: datetime, ticket_id: str) -> str:
    """The highest priority first, then who has waited longest."""
    return f"{priority}|{to_text(since)}|{ticket_id}"


def due_shard(ticket_id: str) -> str:
    """Running clocks are spread, so that no partition of the index takes every write."""
    return f"due/{_shard(ticket_id, DUE_SHARDS)}"


def due_shards() -> list[str]:
    return [f"due/{shard}" for shard in range(DUE_SHARDS)]


def _shard(ticket_id: str, shards: int) -> int:
    return zlib.crc32(ticket_id.encode()) % shards
