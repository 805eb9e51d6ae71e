"""Healthchecks: its webhook integration, with the bodies that our set-up gives it.

https://healthchecks.io/docs/configuring_notifications/
A check has a code that never changes. The name has to be taken as $NAME_JSON, which is escaped.
"""

import json
from dataclasses import replace
from typing import Any

from chalicelib.adapters.monitoring import reading
from chalicelib.adapters.monitoring.authentication import BY_ADDRESS, by_address
from chalicelib.adapters.monitoring.source import Delivery, Example, Source
from chalicelib.domain.alerts import Alert, Report, Signal

SIGNALS = {"down": Signal.FIRING, "up": Signal.RESOLVED}
TEST = "TEST"  # the name of the check that a test notification makes up, with a code of its own


def parse(delivery: Delivery) -> Report:
    data = {name.casefold(): value for name, value in reading.data_of(delivery).items()}
    code = reading.needed(data, "code", "uuid", "unique_key", "slug")
    signal = SIGNALS.get(reading.needed(data, "status").casefold(), Signal.NOTICE)
    name = reading.first(data.get("name"), data.get("slug"), f"Check {code}")
    signal = Signal.NOTICE if name == TEST else signal
    at = reading.instant(data.get("now"))
    tags = reading.text(data.get("tags")).split() if isinstance(data.get("tags"), str) else []
    return Report((
        Alert(
            identity=code,
            signal=signal,
            title=f"{name} is down" if signal is Signal.FIRING else name,
            text=reading.lines(data.get("body"), _exit(data)),
            severity=reading.text(data.get("severity")),
            started_at=at if signal is Signal.FIRING else None,
            ended_at=at if signal is Signal.RESOLVED else None,
            labels={"check": name, **reading.labels_of([_as_label(one) for one in tags])},
        ),
    ))  # fmt: skip


def _exit(data: dict[str, Any]) -> str:
    status = reading.text(data.get("exit_status"))
    return f"exit status {status}" if status else ""


def _as_label(tag: str) -> str:
    return tag.replace("=", ":", 1)


BODY = (
    '{"code": "$CODE", "status": "$STATUS", "now": "$NOW", "name": $NAME_JSON, "tags": "$TAGS", '
    '"exit_status": "$EXITSTATUS", "body": $BODY_JSON}'
)
_SENT = {
    "code": "803f680d-e89b-492b-82ef-2be7b774a92d",
    "status": "down",
    "now": "2026-11-23T09:00:00+00:00",
    "name": 'The "nightly" backup',
    "tags": "service=shop nightly",
    "exit_status": "$EXITSTATUS",
    "body": "no space left",
}
_FIRING = Alert(
    identity="803f680d-e89b-492b-82ef-2be7b774a92d",
    signal=Signal.FIRING,
    title='The "nightly" backup is down',
    text="no space left",
    started_at=reading.instant("2026-11-23T09:00:00Z"),
    labels={"check": 'The "nightly" backup', "service": "shop", "nightly": "yes"},
)
_OVER = replace(
    _FIRING, signal=Signal.RESOLVED, title='The "nightly" backup', started_at=None,
    ended_at=_FIRING.started_at,
)  # fmt: skip

SOURCE = Source(
    id="healthchecks",
    title="Healthchecks",
    parse=parse,
    authenticate=by_address,
    proof=BY_ADDRESS,
    set_up=(
        "Add a webhook integration; both when a check goes down and when it goes up, use",
        "the method POST, the URL {url},",
        "the headers `Content-Type: application/json` and `Authorization: Bearer {secret}`,",
        f"and the body {BODY}",
    ),
    examples=(
        Example("a backup that did not run", Delivery(json.dumps(_SENT).encode()),
                Report((_FIRING,))),
        Example("its end", Delivery(json.dumps({**_SENT, "status": "up"}).encode()),
                Report((_OVER,))),
        Example("a test, as a form of the plain variables",
                Delivery(b"CODE=c2&STATUS=down&NAME=TEST&TAGS=%24TAGS",
                         {"content-type": "application/x-www-form-urlencoded"}),
                Report((Alert("c2", Signal.NOTICE, "TEST", labels={"check": "TEST"}),))),
        Example("by its address", Delivery(b"", query={"code": "c1", "status": "down",
                                                       "name": "Backup"}),
                Report((Alert("c1", Signal.FIRING, "Backup is down",
                              labels={"check": "Backup"}),))),
    ),
)  # fmt: skip
