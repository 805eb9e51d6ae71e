"""UptimeRobot: its webhook contact, as JSON, as a form, by a query, or by a body and a query.

https://uptimerobot.com/blog/web-hook-alert-contacts-new-feature/
Variables that it cannot fill in arrive as they are written, with stars around them. What both the
body and the query tell is taken from the body.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.adapters.monitoring import reading
from chalicelib.adapters.monitoring.authentication import BY_ADDRESS, by_address
from chalicelib.adapters.monitoring.source import Delivery, Example, Source
from chalicelib.domain.alerts import Alert, Report, Signal

SIGNALS = {
    "1": Signal.FIRING,
    "2": Signal.RESOLVED,
    "3": Signal.NOTICE,  # a certificate expires
    "down": Signal.FIRING,
    "up": Signal.RESOLVED,
}
TYPES = ("alerttype", "alerttypefriendlyname", "status")
STARRED = "*alertFriendlyDuration*"


def parse(delivery: Delivery) -> Report:
    data = _said(delivery.query) | _said(reading.data_of(delivery))
    monitor = reading.needed(data, "monitorid", "monitorurl", "url")
    name = reading.first(data.get("monitorfriendlyname"), data.get("monitorurl"), monitor)
    kind = reading.needed(data, *TYPES).casefold()
    signal, at = SIGNALS.get(kind, Signal.NOTICE), reading.instant(data.get("alertdatetime"))
    return Report((
        Alert(
            identity=monitor,
            signal=signal,
            title=f"{name} is down" if signal is Signal.FIRING else name,
            text=reading.lines(data.get("alertdetails"), data.get("alertfriendlyduration")),
            severity="critical" if signal is Signal.FIRING else "",
            started_at=at if signal is Signal.FIRING else None,
            ended_at=at if signal is Signal.RESOLVED else None,
            labels={"monitor": name},
            links=reading.links(Monitored=data.get("monitorurl")),
        ),
    ))  # fmt: skip


def _said(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Those that were filled in, by names without capitals and underscores."""
    return {
        str(name).replace("_", "").casefold(): value
        for name, value in fields.items()
        if reading.text(value)
    }


BODY = (
    '{"monitorID": "*monitorID*", "monitorURL": "*monitorURL*", '
    '"monitorFriendlyName": "*monitorFriendlyName*", "alertType": "*alertType*", '
    '"alertDetails": "*alertDetails*", "alertFriendlyDuration": "*alertFriendlyDuration*", '
    '"alertDateTime": "*alertDateTime*"}'
)
_SENT = {
    "monitorID": "95987545252",
    "monitorURL": "https://shop.example",
    "monitorFriendlyName": "Shop",
    "alertType": "1",
    "alertDetails": "HTTP 503 - Service Unavailable",
    "alertFriendlyDuration": STARRED,
    "alertDateTime": "1795424400",
}
_FIRING = Alert(
    identity="95987545252",
    signal=Signal.FIRING,
    title="Shop is down",
    text="HTTP 503 - Service Unavailable",
    severity="critical",
    started_at=reading.instant(1795424400),
    labels={"monitor": "Shop"},
    links=reading.links(Monitored="https://shop.example"),
)
_UP = {**_SENT, "alertType": "2", "alertFriendlyDuration": "5 minutes"}
_OVER = replace(
    _FIRING, signal=Signal.RESOLVED, title="Shop", severity="", started_at=None,
    ended_at=_FIRING.started_at, text="HTTP 503 - Service Unavailable\n5 minutes",
)  # fmt: skip
_EXPIRES = replace(_FIRING, signal=Signal.NOTICE, title="Shop", severity="", started_at=None)

SOURCE = Source(
    id="uptimerobot",
    title="UptimeRobot",
    parse=parse,
    authenticate=by_address,
    proof=BY_ADDRESS,
    set_up=(
        "Add a webhook as alert contact, with the URL {url}? at its end.",
        f"As POST value, sent as JSON: {BODY}",
        "Let it be told of down and up events.",
        "UptimeRobot sends no credentials, so keep the address to yourself.",
    ),
    examples=(
        Example("the shop is down", Delivery(json.dumps(_SENT).encode()), Report((_FIRING,))),
        Example("its end", Delivery(json.dumps(_UP).encode()), Report((_OVER,))),
        Example("by its address, with all in the query", Delivery(b"", query=_SENT),
                Report((_FIRING,))),
        Example("a part of it in the query",
                Delivery(json.dumps({**_SENT, "monitorID": STARRED}).encode(),
                         query={"monitorID": _SENT["monitorID"], "alertType": "2"}),
                Report((_FIRING,))),
        Example("as a form", Delivery(b"monitorID=7&monitorFriendlyName=Mail&alertType=1",
                                      {"content-type": "application/x-www-form-urlencoded"}),
                Report((Alert("7", Signal.FIRING, "Mail is down", severity="critical",
                              labels={"monitor": "Mail"}),))),
        Example("a certificate that expires",
                Delivery(json.dumps({**_SENT, "alertType": "3"}).encode()),
                Report((_EXPIRES,))),
    ),
)  # fmt: skip
