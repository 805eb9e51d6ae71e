"""What an alert means for its incident.

Identity is the rule's instance, never its severity or time. A late "firing" of an episode that
was closed does not open it again: such a message carries the old start (Alertmanager #4008).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.vocabulary import Level


class Decision(StrEnum):
    OPEN = "open"
    REPEAT = "repeat"
    RESOLVE = "resolve"
    IGNORE = "ignore"


@dataclass(frozen=True)
class Alert:
    """One alert of one delivery, in the desk's words."""

    identity: str
    firing: bool
    started_at: datetime
    title: str
    text: str
    severity: str
    url: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Episode:
    """What is remembered of an identity: its last incident and when that began and ended."""

    firing: bool
    started_at: datetime
    ended_at: datetime | None = None


def decide(alert: Alert, last: Episode | None) -> Decision:
    """Open, count a repeat, resolve, or leave alone."""
    if alert.firing:
        return _decide_firing(alert, last)
    return Decision.RESOLVE if last and last.firing else Decision.IGNORE


def _decide_firing(alert: Alert, last: Episode | None) -> Decision:
    if last and last.firing:
        return Decision.REPEAT
    if last and last.ended_at and alert.started_at <= last.ended_at:
        return Decision.IGNORE
    return Decision.OPEN


SEVERITY_LEVELS: dict[str, tuple[Level, Level]] = {
    "critical": (Level.HIGH, Level.HIGH),
    "error": (Level.HIGH, Level.MEDIUM),
    "warning": (Level.MEDIUM, Level.MEDIUM),
    "info": (Level.LOW, Level.LOW),
    "none": (Level.LOW, Level.LOW),
}


def levels_of(severity: str) -> tuple[Level, Level]:
    """Impact and urgency of a tool's severity; unknown words count as a warning."""
    return SEVERITY_LEVELS.get(severity.lower(), SEVERITY_LEVELS["warning"])
