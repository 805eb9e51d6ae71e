"""SLA policies: targets by priority, warnings, and the ladder after a breach."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Self

from chalicelib.domain.vocabulary import Priority, Target

BREACHED = "breached"


@dataclass(frozen=True)
class Rung:
    """A step of the ladder: `after` seconds of running time past the deadline, do `action`."""

    after: int
    action: str


@dataclass(frozen=True)
class Policy:
    """Targets in seconds: `targets["P1"]["first_response"]`; warnings in per cent of a target."""

    id: str
    name: str
    version: int
    calendar: str
    targets: dict[str, dict[str, int]]
    warnings: tuple[int, ...] = (50, 75, 90)
    ladder: tuple[Rung, ...] = (
        Rung(0, "next_tier"),
        Rung(30 * 60, "tell_lead"),
        Rung(2 * 3600, "tell_manager"),
    )
    reopen_within_days: int = 7

    def within(self, priority: Priority, target: Target) -> int:
        return self.targets[priority][target]

    def steps(self, within: int) -> Iterator[tuple[str, float, str]]:
        """(name, seconds of running time, action), in the order in which they come."""
        for percent in self.warnings:
            yield f"warned-{percent}", within * percent / 100, "warn"
        yield BREACHED, within, "breach"
        for rung in self.ladder:
            yield f"ladder-{rung.after}", within + rung.after, rung.action

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        ladder = tuple(Rung(**rung) for rung in data["ladder"])
        return cls(**{**data, "warnings": tuple(data["warnings"]), "ladder": ladder})


def _targets(first_response_minutes: float, resolution_hours: float) -> dict[str, int]:
    return {
        Target.FIRST_RESPONSE.value: int(first_response_minutes * 60),
        Target.RESOLUTION.value: int(resolution_hours * 3600),
    }


STANDARD = Policy(
    id="standard",
    name="Standard",
    version=1,
    calendar="24x7",
    targets={
        Priority.P1.value: _targets(15, 4),
        Priority.P2.value: _targets(30, 8),
        Priority.P3.value: _targets(4 * 60, 48),
        Priority.P4.value: _targets(8 * 60, 120),
        Priority.P5.value: _targets(24 * 60, 240),
    },
)
