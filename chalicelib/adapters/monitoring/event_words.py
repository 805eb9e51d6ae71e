"""What an event says by its words: a problem, its end, or neither. For CloudEvents and its like.

The first that says something decides:

1. `data.status` or `data.state`, if it is one of WORDS;
2. the last word of the type, if it is one of WORDS: disk.failed, disk.resolved;
3. a severity that is the word for an end, such as ok.

A word of VAGUE may be said of anything (an order is created, a user is active), so it counts only
where the event calls itself an alert: by one of NOUNS in its type, or by a severity or an alert's
own identity in its data. An event that says nothing else is a problem if it does so, and otherwise
a notice, which opens nothing.
"""

import re
from typing import Any

from chalicelib.adapters.monitoring import reading
from chalicelib.domain.alerts import Signal

VAGUE = frozenset({"active", "created", "open", "opened", "reopened", "started", "updated"})
WORDS = {
    **dict.fromkeys(VAGUE, Signal.FIRING),
    **dict.fromkeys(
        ("firing", "fired", "triggered", "raised", "alerting", "failed", "failing", "failure",
         "down", "error", "critical", "warning", "unhealthy", "degraded", "unavailable",
         "breached", "exceeded", "abnormal", "crashed", "outage"), Signal.FIRING,
    ),
    **dict.fromkeys(
        ("resolved", "closed", "recovered", "recovery", "cleared", "clear", "ended", "fixed", "ok",
         "up", "succeeded", "success", "successful", "normal", "inactive", "healthy", "passed",
         "passing", "restored", "available", "operational", "completed"), Signal.RESOLVED,
    ),
    **dict.fromkeys(("acknowledged", "acked"), Signal.ACKNOWLEDGED),
    **dict.fromkeys(("test", "tested"), Signal.NOTICE),
}  # fmt: skip
NOUNS = frozenset({
    "alert", "alerts", "alarm", "alarms", "incident", "incidents", "problem", "problems", "outage",
    "monitor", "monitoring", "health", "fault",
})  # fmt: skip
IDENTITIES = ("identity", "fingerprint", "dedup_key", "alert_id", "alias")
SEVERITIES, STATUSES = ("severity", "level", "priority"), ("status", "state")
MARKS = (*IDENTITIES, "severity", "level")
BETWEEN = re.compile(r"[./:_-]|(?<=[a-z0-9])(?=[A-Z])")


def signal_of(kind: str, data: dict[str, Any]) -> Signal:
    """What an event of a type says, as told above."""
    is_alert = _is_alert(kind, data)
    told = (*(data.get(one) for one in STATUSES), last_word(kind))
    words = [one for one in map(_folded, told) if one in WORDS and (is_alert or one not in VAGUE)]
    if words:
        return WORDS[words[0]]
    if WORDS.get(_folded(data.get("severity"))) is Signal.RESOLVED:
        return Signal.RESOLVED
    return Signal.FIRING if is_alert else Signal.NOTICE


def family_of(kind: str) -> str:
    """A type without its last word, if that says what happened: equal for a problem and its end."""
    word = last_word(kind)
    return kind[: len(kind) - len(word)].rstrip("./:_-") if word.casefold() in WORDS else kind


def last_word(kind: str) -> str:
    return BETWEEN.split(kind)[-1]


def _folded(told: Any) -> str:
    return reading.text(told).casefold()


def _is_alert(kind: str, data: dict[str, Any]) -> bool:
    words = {one.casefold() for one in BETWEEN.split(kind)}
    return bool(words & NOUNS) or any(reading.text(data.get(one)) for one in MARKS)
