"""SLA policies: targets by priority, warnings, and the ladder after a breach."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from chalicelib.domain.errors import FieldError
from chalicelib.domain.vocabulary import Priority, Target

BREACHED = "breached"
ACTIONS = frozenset({"next_tier", "tell_lead", "tell_manager"})
SHORTEST, LONGEST = 60, 10 * 365 * 24 * 3600  # seconds


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


def check_policy(data: dict[str, Any], calendars: Sequence[str]) -> list[FieldError]:
    """What is wrong with a policy, field by field; nothing when it can be used."""
    wrong = [*_unknown(data), *_targets_wrong(data.get("targets")), *_steps_wrong(data)]
    if not str(data.get("id", "")).strip() or not str(data.get("name", "")).strip():
        wrong.append(FieldError("/id", "A policy needs an id and a name."))
    if data.get("calendar") not in calendars:
        wrong.append(FieldError("/calendar", f"Choose one of {', '.join(calendars)}."))
    return wrong


def _unknown(data: dict[str, Any]) -> list[FieldError]:
    known = {field.name for field in fields(Policy)}
    return [FieldError(f"/{name}", "There is no such field.") for name in data if name not in known]


def _targets_wrong(targets: Any) -> Iterator[FieldError]:
    for priority in Priority:
        for target in Target:
            seconds = _within(targets, priority, target)
            if not isinstance(seconds, int) or not SHORTEST <= seconds <= LONGEST:
                detail = f"Give whole seconds between {SHORTEST} and {LONGEST}."
                yield FieldError(f"/targets/{priority}/{target}", detail)


def _within(targets: Any, priority: Priority, target: Target) -> Any:
    row = targets.get(priority) if isinstance(targets, dict) else None
    return row.get(target) if isinstance(row, dict) else None


def _steps_wrong(data: dict[str, Any]) -> Iterator[FieldError]:
    warnings = data.get("warnings")
    if not isinstance(warnings, list) or not all(_is_percentage(one) for one in warnings):
        yield FieldError("/warnings", "Give percentages between 1 and 99.")
    ladder = data.get("ladder")
    if not isinstance(ladder, list) or not all(_is_rung(one) for one in ladder):
        yield FieldError("/ladder", f"Give rungs of `after` seconds and one of {sorted(ACTIONS)}.")
    elif [rung["after"] for rung in ladder] != sorted({rung["after"] for rung in ladder}):
        yield FieldError("/ladder", "Give the rungs in order, each at its own time.")


def _is_percentage(value: Any) -> bool:
    return isinstance(value, int) and 1 <= value <= 99


def _is_rung(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) != {"after", "action"}:
        return False
    after = value["after"]
    return isinstance(after, int) and 0 <= after <= LONGEST and value["action"] in ACTIONS
