"""The service's clock: the machine's, moved forward by what the data directory remembers."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from infra.local import files


class LocalClock:
    """Only ever moves forward, and stays where it was moved after a restart."""

    def __init__(self, remembered: Path) -> None:
        self._remembered = remembered
        self.before_moving: Callable[[datetime, timedelta], object] = _nothing
        self.offset_seconds: float = files.read(remembered, {}).get("offset_seconds", 0)

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.offset_seconds)

    def advance(self, seconds: float) -> None:
        self.before_moving(self.now(), timedelta(seconds=seconds))
        self.offset_seconds += seconds
        files.write_whole(self._remembered, {"offset_seconds": self.offset_seconds})


def _nothing(now: datetime, span: timedelta) -> None:
    """Nobody has to know before it is moved."""
