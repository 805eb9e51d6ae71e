"""What monitoring tools say, in the desk's words, and what it means for an incident.

Identity is the rule's instance, never its severity, time or route. Deliveries come late, twice and
in any order: a "firing" of an episode that has ended opens nothing (it carries the old start,
Alertmanager #4008), and a "resolved" of an older episode than the one now firing closes nothing.
Instants that the tool itself told decide, for clocks of machines differ; of a tool that tells none,
the word that came to us last counts, in whatever order the queue hands them out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.vocabulary import Level

PEERS_DIFFER_BY = timedelta(seconds=1)  # the start of one episode, told by two peers of a cluster


class Signal(StrEnum):
    """What a tool says of one problem."""

    FIRING = "firing"
    RESOLVED = "resolved"
    ACKNOWLEDGED = "acknowledged"  # somebody takes care of it, over there
    FLAPPING = "flapping"  # the tool goes quiet, for it changes too often
    STEADY = "steady"  # and speaks again
    NOTICE = "notice"  # neither a problem nor its end


class Decision(StrEnum):
    OPEN = "open"
    AGAIN = "again"  # a new episode of a problem that has an incident already
    REPEAT = "repeat"
    HOLD = "hold"  # maintenance: kept and counted, without an incident
    RESOLVE = "resolve"
    REMEMBER = "remember"
    NOTE = "note"
    IGNORE = "ignore"


@dataclass(frozen=True)
class Link:
    """Something to look at: a runbook, a dashboard, the tool's own page."""

    text: str
    href: str


@dataclass(frozen=True)
class Alert:
    """One alert of one delivery.

    `episode` is the tool's own name of this one occurrence, where it has one; `group` is what the
    tool reports together, and may resolve together. Instants are None where the tool does not say.
    """

    identity: str
    signal: Signal
    title: str
    text: str = ""
    severity: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    episode: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    group: str = ""

    @property
    def firing(self) -> bool:
        return self.signal is Signal.FIRING


@dataclass(frozen=True)
class Group:
    """What a delivery says of its alerts together; `left_out` of them are not in the body."""

    key: str
    resolved: bool = False
    left_out: int = 0


@dataclass(frozen=True)
class Report:
    """What a delivery says. `message_id` is equal in every try of one delivery, if there is one.

    `note` says what it is when it holds no alert: a test message, the news of a subscription.
    """

    alerts: tuple[Alert, ...] = ()
    group: Group | None = None
    message_id: str = ""
    note: str = ""


@dataclass(frozen=True)
class Episode:
    """What is remembered of an identity; start and end as the tool told them, `heard_at` by us."""

    firing: bool
    has_incident: bool = True
    started_at: datetime | None = None
    ended_at: datetime | None = None
    name: str = ""
    heard_at: datetime | None = None


def decide(
    alert: Alert, last: Episode | None, in_maintenance: bool, heard_at: datetime | None = None
) -> Decision:
    """What to do about an alert that came at an instant, by what is remembered of its identity."""
    if alert.signal is Signal.FIRING:
        return _decide_firing(alert, last, in_maintenance, heard_at)
    if alert.signal is Signal.RESOLVED:
        return _decide_resolved(alert, last, heard_at)
    is_known = last is not None and last.firing and alert.signal is not Signal.NOTICE
    return Decision.NOTE if is_known else Decision.IGNORE


def _decide_firing(
    alert: Alert, last: Episode | None, in_maintenance: bool, heard_at: datetime | None
) -> Decision:
    if last is None:
        return Decision.HOLD if in_maintenance else Decision.OPEN
    if last.firing and (last.has_incident or in_maintenance):
        return Decision.REPEAT
    if not last.firing and _is_over(alert, last, heard_at):
        return Decision.IGNORE
    if in_maintenance:
        return Decision.HOLD
    return Decision.AGAIN if last.has_incident else Decision.OPEN


def _is_over(alert: Alert, last: Episode, heard_at: datetime | None) -> bool:
    """Whether a firing speaks of the episode that has ended, or of one before it."""
    is_named, is_same = bool(alert.episode and last.name), alert.episode == last.name
    ended = last.ended_at or (last.started_at + PEERS_DIFFER_BY if last.started_at else None)
    if is_named and is_same:
        return True
    if alert.started_at is None or ended is None:
        return not is_named and _came_before(heard_at, last)
    return alert.started_at < ended if is_named else alert.started_at <= ended


def _decide_resolved(alert: Alert, last: Episode | None, heard_at: datetime | None) -> Decision:
    if last is None:
        return Decision.REMEMBER
    if not last.firing:  # it may have overtaken its own firing, which is over when that comes
        return Decision.REMEMBER if _is_news(alert, last, heard_at) else Decision.IGNORE
    return Decision.IGNORE if _is_older(alert, last, heard_at) else Decision.RESOLVE


def _is_news(alert: Alert, last: Episode, heard_at: datetime | None) -> bool:
    """Whether an end is of a later episode than the one that is known to have ended."""
    if alert.episode and last.name:
        return alert.episode != last.name
    if alert.started_at and last.started_at:
        return alert.started_at > last.started_at
    if alert.ended_at and last.ended_at:
        return alert.ended_at > last.ended_at
    return bool(heard_at and last.heard_at and heard_at > last.heard_at)


def _is_older(alert: Alert, last: Episode, heard_at: datetime | None) -> bool:
    """Whether a resolve speaks of an episode before the one now firing."""
    is_named, is_same = bool(alert.episode and last.name), alert.episode == last.name
    starts_alike = alert.started_at is not None and alert.started_at == last.started_at
    if is_same if is_named else starts_alike:
        return False
    if alert.ended_at and last.started_at:
        return alert.ended_at <= last.started_at
    return is_named or _came_before(heard_at, last)


def _came_before(heard_at: datetime | None, last: Episode) -> bool:
    return bool(heard_at and last.heard_at and heard_at < last.heard_at)


SEVERITY_LEVELS: dict[str, tuple[Level, Level]] = {
    "critical": (Level.HIGH, Level.HIGH),
    "error": (Level.HIGH, Level.MEDIUM),
    "warning": (Level.MEDIUM, Level.MEDIUM),
    "info": (Level.LOW, Level.LOW),
    "none": (Level.LOW, Level.LOW),
}
SEVERITIES = tuple(SEVERITY_LEVELS)
OTHER_WORDS = {
    "fatal": "critical", "emergency": "critical", "emerg": "critical", "alert": "critical",
    "disaster": "critical", "crit": "critical", "page": "critical", "down": "critical",
    "blocker": "critical", "p1": "critical", "sev0": "critical", "sev1": "critical",
    "high": "error", "major": "error", "err": "error", "p2": "error", "sev2": "error",
    "severe": "error", "average": "error",
    "medium": "warning", "warn": "warning", "minor": "warning", "p3": "warning",
    "sev3": "warning", "moderate": "warning", "degraded": "warning", "unknown": "warning",
    "low": "info", "information": "info", "informational": "info", "notice": "info",
    "p4": "info", "p5": "info", "sev4": "info", "debug": "info", "ok": "info",
    "not classified": "warning",
}  # fmt: skip


def severity_of(word: str) -> str:
    """One of SEVERITIES for a tool's word; what nobody knows, or is missing, counts as warning."""
    folded = word.strip().casefold()
    return folded if folded in SEVERITY_LEVELS else OTHER_WORDS.get(folded, "warning")


def levels_of(severity: str) -> tuple[Level, Level]:
    """Impact and urgency of a tool's severity."""
    return SEVERITY_LEVELS[severity_of(severity)]


def is_worse(severity: str, before: str) -> bool:
    return SEVERITIES.index(severity_of(severity)) < SEVERITIES.index(severity_of(before))


def is_flapping(changes: list[datetime], at_least: int, within: timedelta, now: datetime) -> bool:
    """Whether an alert changed its state so often within a span up to now; 0 asks for nothing."""
    return 0 < at_least <= sum(now - within <= one <= now for one in changes)
