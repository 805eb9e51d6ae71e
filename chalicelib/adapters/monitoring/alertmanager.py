"""Prometheus Alertmanager's webhook, version 4.

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
The status of the group is not the status of each alert, so only the latter counts.
"""

import json
from datetime import datetime
from typing import Any

from chalicelib.adapters.monitoring.errors import Unreadable
from chalicelib.domain.alerts import Alert
from chalicelib.domain.instants import plausible


def parse(body: bytes) -> list[Alert]:
    """Every alert of a delivery, in order. Raises Unreadable."""
    try:
        group = json.loads(body)
        return [_alert(one) for one in group["alerts"]]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(f"not an Alertmanager delivery: {error!r}") from error


def _alert(one: dict[str, Any]) -> Alert:
    labels = one.get("labels") or {}
    notes = one.get("annotations") or {}
    name = str(labels.get("alertname", "alert"))
    return Alert(
        identity=str(one["fingerprint"]),
        firing=one["status"] == "firing",
        started_at=_instant(one.get("startsAt")),
        ended_at=_instant(one.get("endsAt")) if one["status"] == "resolved" else None,
        title=str(notes.get("summary") or _title(name, labels)),
        text=_text(notes, labels),
        severity=str(labels.get("severity", "")),
        url=str(one.get("generatorURL", "")),
    )


def _title(name: str, labels: dict[str, Any]) -> str:
    where = labels.get("instance") or labels.get("service") or labels.get("job")
    return f"{name} on {where}" if where else name


def _text(notes: dict[str, Any], labels: dict[str, Any]) -> str:
    facts = [str(notes["description"])] if notes.get("description") else []
    facts += [f"{name}: {value}" for name, value in sorted(labels.items())]
    if notes.get("runbook_url"):
        facts.append(f"runbook: {notes['runbook_url']}")
    return "\n".join(facts)


def _instant(text: Any) -> datetime | None:
    """None for what is no instant of our time, such as the year 1 that stands for "not yet"."""
    try:
        return plausible(datetime.fromisoformat(str(text)))
    except (ValueError, OverflowError):
        return None
