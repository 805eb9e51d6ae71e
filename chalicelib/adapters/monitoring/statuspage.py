"""Statuspage: what the page of a provider tells its subscribers.

https://support.atlassian.com/statuspage/docs/enable-webhook-notifications/
An incident of theirs is one of ours while it goes on; planned maintenance is a notice. One that is
opened again keeps its first `created_at`, so its history tells when it began this time.
"""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.adapters.monitoring import reading
from chalicelib.adapters.monitoring.authentication import BY_ADDRESS, by_address
from chalicelib.adapters.monitoring.source import Delivery, Example, Source, Unreadable
from chalicelib.domain.alerts import Alert, Report, Signal

INCIDENT = {
    "investigating": Signal.FIRING,
    "identified": Signal.FIRING,
    "monitoring": Signal.FIRING,
    "resolved": Signal.RESOLVED,
    "postmortem": Signal.RESOLVED,
}
COMPONENT = {
    "degraded_performance": Signal.FIRING,
    "partial_outage": Signal.FIRING,
    "major_outage": Signal.FIRING,
    "operational": Signal.RESOLVED,
}
SEVERITIES = {
    "critical": "critical",
    "major": "error",
    "minor": "warning",
    "none": "info",
    "major_outage": "critical",
    "partial_outage": "error",
    "degraded_performance": "warning",
}


def parse(delivery: Delivery) -> Report:
    data = reading.data_of(delivery)
    page = reading.text(reading.inner(data, "page", "id"))
    if isinstance(data.get("incident"), dict):
        return Report((_incident(data["incident"], page),))
    if isinstance(data.get("component"), dict):
        return Report((_component(data, page),))
    raise Unreadable("It has neither an incident nor a component.")


def _incident(incident: dict[str, Any], page: str) -> Alert:
    number, status = reading.needed(incident, "id"), reading.text(incident.get("status"))
    signal = _signal(status)
    began_at, ended_at = _span(incident)
    is_firing = signal is Signal.FIRING
    return Alert(
        identity=f"{page}/incident/{number}",
        signal=signal,
        title=reading.first(incident.get("name"), f"Incident {number}"),
        text=reading.lines(status, _latest(incident.get("incident_updates"))),
        severity=SEVERITIES.get(reading.text(incident.get("impact")), ""),
        started_at=_began_again_at(incident, began_at, ended_at) if is_firing else began_at,
        ended_at=ended_at if signal is Signal.RESOLVED else None,
        labels=_about(page, incident.get("components")),
        links=reading.links(Status=incident.get("shortlink")),
    )


def _signal(status: Any) -> Signal:
    return INCIDENT.get(reading.text(status).casefold(), Signal.NOTICE)


def _span(incident: dict[str, Any]) -> tuple[datetime | None, datetime | None]:
    """When it began the last time, and the last end that is told of."""
    began_at, ended_at = reading.instant(incident.get("created_at")), None
    for at, signal in _history(incident.get("incident_updates")):
        if signal is Signal.FIRING and ended_at:
            began_at, ended_at = at, None
        elif signal is Signal.RESOLVED:
            ended_at = ended_at or at
    told = [one for one in (ended_at, reading.instant(incident.get("resolved_at"))) if one]
    return began_at, max(told, default=None)


def _began_again_at(
    incident: dict[str, Any], began_at: datetime | None, ended_at: datetime | None
) -> datetime | None:
    """What ended, goes on, and does not say when it began again, did so when it was changed."""
    if ended_at is None or (began_at and began_at > ended_at):
        return began_at
    return reading.instant(incident.get("updated_at")) or began_at


def _history(updates: Any) -> list[tuple[datetime, Signal]]:
    """What each update says and when, the oldest first; as a rule the newest stands first."""
    told = [
        (at, _signal(one.get("status")))
        for one in reversed(_rows(updates))
        if (at := reading.instant(reading.first(one.get("created_at"), one.get("display_at"))))
    ]
    return sorted(told, key=lambda pair: pair[0])


def _component(data: dict[str, Any], page: str) -> Alert:
    component, update = data["component"], data.get("component_update")
    status = reading.first(reading.inner(update, "new_status"), component.get("status"))
    number = reading.needed(component, "id", "name")
    name = reading.first(component.get("name"), number)
    signal, at = COMPONENT.get(status, Signal.NOTICE), reading.inner(update, "created_at")
    return Alert(
        identity=f"{page}/component/{number}",
        signal=signal,
        title=f"{name}: {status.replace('_', ' ')}" if status else name,
        severity=SEVERITIES.get(status, ""),
        started_at=reading.instant(at) if signal is Signal.FIRING else None,
        ended_at=reading.instant(at) if signal is Signal.RESOLVED else None,
        labels=_about(page, [component]),
    )


def _latest(updates: Any) -> str:
    rows = _rows(updates)
    return reading.text(rows[0].get("body")) if rows else ""


def _rows(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _about(page: str, components: Any) -> dict[str, str]:
    names = [reading.text(one.get("name")) for one in _rows(components)]
    return reading.labels_of({"page": page, "component": ", ".join(filter(None, names))})


_PAGE = {"id": "p1", "status_indicator": "major", "status_description": "Partial outage"}
_INCIDENT = {
    "id": "i1",
    "name": "Payments fail",
    "status": "investigating",
    "impact": "major",
    "shortlink": "https://status.example/i1",
    "created_at": "2026-11-23T09:00:00Z",
    "resolved_at": None,
    "incident_updates": [{"body": "We look into it.", "status": "investigating"}],
    "components": [{"id": "c1", "name": "Payments"}],
}
_FIRING = Alert(
    identity="p1/incident/i1",
    signal=Signal.FIRING,
    title="Payments fail",
    text="investigating\nWe look into it.",
    severity="error",
    started_at=reading.instant("2026-11-23T09:00:00Z"),
    labels={"page": "p1", "component": "Payments"},
    links=reading.links(Status="https://status.example/i1"),
)
_SOLVED = {**_INCIDENT, "status": "resolved", "resolved_at": "2026-11-23T10:00:00Z"}
_OVER = replace(
    _FIRING, signal=Signal.RESOLVED, text="resolved\nWe look into it.",
    ended_at=reading.instant("2026-11-23T10:00:00Z"),
)  # fmt: skip
_AGAIN = {
    **_INCIDENT, "resolved_at": None,
    "incident_updates": [
        {"body": "It is back.", "status": "investigating", "created_at": "2026-11-23T11:00:00Z"},
        {"body": "Solved.", "status": "resolved", "created_at": "2026-11-23T10:00:00Z"},
        {"body": "We look.", "status": "investigating", "created_at": "2026-11-23T09:00:00Z"},
    ],
}  # fmt: skip
_BEGUN_AGAIN = replace(
    _FIRING, text="investigating\nIt is back.", started_at=reading.instant("2026-11-23T11:00:00Z")
)
_UPDATE = {"created_at": "2026-11-23T09:00:00Z", "new_status": "major_outage",
           "old_status": "operational"}  # fmt: skip
_DOWN = Alert(
    identity="p1/component/c1",
    signal=Signal.FIRING,
    title="Payments: major outage",
    severity="critical",
    started_at=reading.instant("2026-11-23T09:00:00Z"),
    labels={"page": "p1", "component": "Payments"},
)
_PLANNED = replace(_FIRING, signal=Signal.NOTICE, text="scheduled\nWe look into it.")


def _example(name: str, alert: Alert, **data: Any) -> Example:
    body = json.dumps({"meta": {"generated_at": "x"}, "page": _PAGE, **data}).encode()
    return Example(name, Delivery(body), Report((alert,)))


SOURCE = Source(
    id="statuspage",
    title="Statuspage",
    parse=parse,
    authenticate=by_address,
    proof=BY_ADDRESS,
    set_up=(
        "On the provider's status page, choose `Subscribe to updates`, and there the webhook.",
        "Enter the address {url}.",
        "Statuspage sends no credentials, so keep the address to yourself.",
    ),
    examples=(
        _example("an incident", _FIRING, incident=_INCIDENT),
        _example("its end", _OVER, incident=_SOLVED),
        _example("it is opened again", _BEGUN_AGAIN, incident=_AGAIN),
        _example("planned work", _PLANNED, incident={**_INCIDENT, "status": "scheduled"}),
        _example("a component", _DOWN, component={"id": "c1", "name": "Payments"},
                 component_update=_UPDATE),
    ),
)  # fmt: skip
