"""What an alert means for its incident.

Identity is the rule's instance, never its severity or time. Deliveries may come late and in any
order: a "firing" of an episode that has ended opens nothing, and a "resolved" of an older episode
than the one now firing closes nothing (such messages carry the old start, Alertmanager #4008).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.vocabulary import Level


class Decision(StrEnum):
    OPEN = "open"
    REPEAT = "repeat"
    RESOLVE = "resolve"
    REMEMBER = "remember"
    IGNORE = "ignore"


@dataclass(frozen=True)
class Alert:
    """One alert of one delivery, in the desk's words; `started_at` is None when it does not say."""

    identity: str
    firing: bool
    started_at: datetime | None
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
    """Open, count a repeat, resolve, remember an end that came before its beginning, or ignore."""
    if last is None:
        return Decision.OPEN if alert.firing else Decision.REMEMBER
    return _decide_firing(alert, last) if alert.firing else _decide_resolved(alert, last)


def _decide_firing(alert: Alert, last: Episode) -> Decision:
    if last.firing:
        return Decision.REPEAT
    if alert.started_at and last.ended_at and alert.started_at <= last.ended_at:
        return Decision.IGNORE
    return Decision.OPEN


def _decide_resolved(alert: Alert, last: Episode) -> Decision:
    is_older = alert.ended_at is not None and alert.ended_at <= last.started_at
    return Decision.RESOLVE if last.firing and not is_older else Decision.IGNORE


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
