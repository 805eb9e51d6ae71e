"""CloudWatch alarms, whichever way they come: by SNS, by EventBridge, or straight to a function.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
An alarm has no severity of its own; with its tags sent along, a tag `severity` says it. Missing
data is a notice: an alarm that takes it for a problem is in ALARM then.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from chalicelib.adapters.monitoring import reading
from chalicelib.adapters.monitoring.source import Unreadable
from chalicelib.domain.alerts import Alert, Link, Signal

SIGNALS = {
    "ALARM": Signal.FIRING,
    "OK": Signal.RESOLVED,
    "INSUFFICIENT_DATA": Signal.NOTICE,
}
CONSOLES = {
    "aws": "{region}.console.aws.amazon.com",
    "aws-cn": "{region}.console.amazonaws.cn",
    "aws-us-gov": "{region}.console.amazonaws-us-gov.com",
}


@dataclass(frozen=True)
class Change:
    """A change of an alarm's state; `series` is the one of many time series that it is about."""

    arn: str
    name: str
    state: str
    at: Any
    texts: tuple[Any, ...]
    labels: dict[str, str]
    series: str = ""
    series_labels: dict[str, str] = field(default_factory=dict)
    suppressed: bool = False


def alert_of(change: Change) -> Alert:
    """Raises Unreadable for a state that CloudWatch does not have."""
    signal = SIGNALS.get(change.state)
    if signal is None:
        raise Unreadable(f"Its state is {change.state!r}; there are {', '.join(SIGNALS)}.")
    if change.suppressed and signal is Signal.FIRING:
        signal = Signal.NOTICE
    at = reading.instant(change.at)
    which = ", ".join(change.series_labels.values()) or change.series
    return Alert(
        identity=f"{change.arn}#{change.series}" if change.series else change.arn,
        signal=signal,
        title=f"{change.name}{f' ({which})' if which else ''} is {change.state}",
        text=reading.lines(*change.texts),
        severity=change.labels.get("severity", ""),
        started_at=at if signal is Signal.FIRING else None,
        ended_at=at if signal is Signal.RESOLVED else None,
        labels={"alarm": change.name} | change.labels | change.series_labels | _place(change.arn),
        links=_console(change),
    )


def _place(arn: str) -> dict[str, str]:
    parts = arn.split(":")
    found = {"region": parts[3], "account": parts[4]} if len(parts) >= 7 else {}
    return {name: words for name, words in found.items() if words}


def _console(change: Change) -> tuple[Link, ...]:
    parts, region = change.arn.split(":"), _place(change.arn).get("region", "")
    host = CONSOLES.get(parts[1], "") if len(parts) >= 7 else ""
    if not host or not region.replace("-", "").isalnum():
        return ()
    name = quote(change.name.encode("utf-8", "replace"), safe="")
    at = f"https://{host.format(region=region)}/cloudwatch/home?region={region}"
    return (Link("Alarm", f"{at}#alarmsV2:alarm/{name}"),)
