"""Monit: what a program that it starts is told (docs/monitoring/monit.md).

https://mmonit.com/monit/documentation/monit.html#PROGRAM-EXECUTION-AND-ENVIRONMENT
An event is named by its kind and its result: "Connection failed", "Connection succeeded". Its date
has no zone, so the time is that of the script's start, on the same machine.
"""

import json
from dataclasses import replace
from typing import Any

from chalicelib.adapters.monitoring import reading
from chalicelib.adapters.monitoring.authentication import BY_ADDRESS, by_address
from chalicelib.adapters.monitoring.source import Delivery, Example, Source
from chalicelib.domain.alerts import Alert, Report, Signal

# The order matters: "not changed" ends in "changed".
RESULTS = {
    "not changed": Signal.RESOLVED,
    "doesn't match": Signal.RESOLVED,
    "succeeded": Signal.RESOLVED,
    "recovery": Signal.RESOLVED,
    "ok": Signal.RESOLVED,
    "up": Signal.RESOLVED,
    "changed": Signal.FIRING,
    "failed": Signal.FIRING,
    "exceeded": Signal.FIRING,
    "matched": Signal.FIRING,
    "match": Signal.FIRING,
    "error": Signal.FIRING,
    "down": Signal.FIRING,
}
IRREGULAR = {
    "does not exist": ("existence", Signal.FIRING),
    "exists": ("existence", Signal.RESOLVED),
    "invalid type": ("type", Signal.FIRING),
    "timeout": ("timeout", Signal.FIRING),
    "action done": ("action", Signal.NOTICE),
    "monit instance changed": ("monit instance", Signal.NOTICE),
    "monit instance not changed": ("monit instance", Signal.NOTICE),
}


def parse(delivery: Delivery) -> Report:
    sent = reading.data_of(delivery)
    data = {name.removeprefix("MONIT_"): value for name, value in sent.items()}
    return Report((_alert(data),), message_id=reading.text(data.get("delivery_id")))


def kind_of(event: str) -> tuple[str, Signal]:
    """The kind of an event, without its result; one that is not known is a notice."""
    folded = event.casefold()
    if folded in IRREGULAR:
        return IRREGULAR[folded]
    for result, signal in RESULTS.items():
        if folded.endswith(" " + result):
            return folded.removesuffix(result).strip(), signal
    return folded, Signal.NOTICE


def _alert(data: dict[str, Any]) -> Alert:
    host, service = reading.needed(data, "HOST"), reading.needed(data, "SERVICE")
    event, check = reading.needed(data, "EVENT"), reading.text(data.get("check"))
    kind, signal = kind_of(event)
    sent_at = reading.instant(data.get("time"))
    return Alert(
        identity="/".join(part for part in (host, service, kind, check) if part),
        signal=signal,
        title=f"{service} on {host}: {event}",
        text=reading.lines(data.get("DESCRIPTION"), _status(data)),
        started_at=sent_at if signal is Signal.FIRING else None,
        ended_at=sent_at if signal is Signal.RESOLVED else None,
        labels=reading.labels_of(
            {"host": host, "service": service, "check": check or kind, "site": data.get("SITE")}
        ),
    )


def _status(data: dict[str, Any]) -> str:
    status = reading.text(data.get("PROGRAM_STATUS"))
    return f"The program ended with status {status}." if status else ""


_FAILED = {
    "EVENT": "Connection failed",
    "SERVICE": "web",
    "HOST": "web-1.example",
    "DATE": "Mon, 23 Nov 2026 10:00:00",
    "DESCRIPTION": "failed protocol test [HTTP] at [web-1.example]:443",
    "delivery_id": "1b2c3d4e5f60718293a4b5c6d7e8f901",
    "time": 1795424400,
}
_FIRING = Alert(
    identity="web-1.example/web/connection",
    signal=Signal.FIRING,
    title="web on web-1.example: Connection failed",
    text="failed protocol test [HTTP] at [web-1.example]:443",
    started_at=reading.instant(1795424400),
    labels={"host": "web-1.example", "service": "web", "check": "connection"},
)


def _example(name: str, data: dict[str, Any], alert: Alert) -> Example:
    return Example(
        name, Delivery(json.dumps(data).encode()), Report((alert,), message_id=data["delivery_id"])
    )


_FORM = Example(
    "a program that failed, one of several checks, sent by curl as a form",
    Delivery(
        b"MONIT_EVENT=Status%20failed&MONIT_SERVICE=backup&MONIT_HOST=db-1&check=nightly"
        b"&MONIT_PROGRAM_STATUS=2&MONIT_DESCRIPTION=no%20space",
        {"content-type": "application/x-www-form-urlencoded"},
    ),
    Report(
        (
            Alert(
                identity="db-1/backup/status/nightly",
                signal=Signal.FIRING,
                title="backup on db-1: Status failed",
                text="no space\nThe program ended with status 2.",
                labels={"host": "db-1", "service": "backup", "check": "nightly"},
            ),
        )
    ),
)

SOURCE = Source(
    id="monit",
    title="Monit",
    parse=parse,
    authenticate=by_address,
    proof=BY_ADDRESS,
    set_up=(
        "Copy docs/monitoring/tierline-notify.py to /usr/local/bin on each machine with Monit.",
        "Write TIERLINE_URL={url} and TIERLINE_SECRET={secret} into /etc/tierline-notify.conf.",
        "Let the tests `exec` it, on failure and on success, as docs/monitoring/monit.md shows.",
        "Check it with `monit -t`, and reload Monit.",
    ),
    examples=(
        _example("a page that fails", _FAILED, _FIRING),
        _example(
            "its end",
            _FAILED | {"EVENT": "Connection succeeded", "DESCRIPTION": "works", "time": 1795424700},
            replace(
                _FIRING,
                signal=Signal.RESOLVED,
                title="web on web-1.example: Connection succeeded",
                text="works",
                started_at=None,
                ended_at=reading.instant(1795424700),
            ),
        ),
        _example(
            "Monit itself starts",
            _FAILED | {"EVENT": "Monit instance changed", "DESCRIPTION": "started"},
            replace(
                _FIRING,
                identity="web-1.example/web/monit instance",
                signal=Signal.NOTICE,
                title="web on web-1.example: Monit instance changed",
                text="started",
                started_at=None,
                labels={**_FIRING.labels, "check": "monit instance"},
            ),
        ),
        _FORM,
    ),
)
