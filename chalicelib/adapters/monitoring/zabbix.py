"""Zabbix: what a media type of the type Webhook sends. Its parameters are the body, see MACROS.

https://www.zabbix.com/documentation/current/en/manual/appendix/macros/supported_by_location
The trigger and its host are the identity; the problem's event names the episode, and is the same
in the recovery. Macros that Zabbix does not know, in older versions, arrive as they are written.
"""

import json
from dataclasses import replace
from typing import Any

from chalicelib.adapters.monitoring import reading
from chalicelib.adapters.monitoring.authentication import BY_ADDRESS, by_address
from chalicelib.adapters.monitoring.source import Delivery, Example, Source, Unreadable
from chalicelib.domain.alerts import Alert, Link, Report, Signal

MACROS = (
    "EVENT.ID", "EVENT.SOURCE", "EVENT.VALUE", "EVENT.UPDATE.STATUS", "EVENT.UPDATE.ACTION",
    "EVENT.UPDATE.MESSAGE", "EVENT.NAME", "EVENT.OPDATA", "EVENT.NSEVERITY", "EVENT.TAGSJSON",
    "EVENT.TIMESTAMP", "EVENT.RECOVERY.TIMESTAMP", "TRIGGER.ID", "TRIGGER.URL", "HOST.HOST",
    "HOST.NAME", "HOST.IP", "USER.FULLNAME",
)  # fmt: skip
SEVERITIES = {"0": "not classified", "1": "info", "2": "warning", "3": "average", "4": "high",
              "5": "disaster"}  # fmt: skip
DISCOVERED = {"1": "a discovered host", "2": "an agent that registered itself"}
SCRIPT = (
    "var p = JSON.parse(value), r = new HttpRequest(), url = p.url; "
    "r.addHeader('Content-Type: application/json'); "
    "r.addHeader('Authorization: Bearer ' + p.secret); "
    "delete p.url; delete p.secret; "
    "r.post(url, JSON.stringify(p)); "
    "if (r.getStatus() < 200 || r.getStatus() > 299) throw 'HTTP ' + r.getStatus(); "
    "return 'OK';"
)


def parse(delivery: Delivery) -> Report:
    data = {_plain(name): value for name, value in reading.data_of(delivery).items()}
    found = DISCOVERED.get(reading.text(data.get("event_source")))
    if found:
        return Report(note=f"It tells of {found}.")
    return Report((_alert(data),))


def _plain(name: str) -> str:
    """Names are the macros', however they are written: {EVENT.ID}, EVENT_ID, event_id."""
    return name.strip("{}").casefold().replace(".", "_")


def _alert(data: dict[str, Any]) -> Alert:
    signal, event = _signal(data), reading.text(data.get("event_id"))
    host = reading.first(data.get("host_host"), data.get("host_name"))
    tags = _tags(reading.first(data.get("event_tagsjson"), data.get("event_tags")))
    facts = {"host": reading.first(data.get("host_name"), host), "address": data.get("host_ip")}
    is_firing, is_over = signal is Signal.FIRING, signal is Signal.RESOLVED
    return Alert(
        identity=_identity(data, host),
        signal=signal,
        title=reading.first(data.get("event_name"), f"Problem on {host or 'a host'}"),
        text=reading.lines(_update(data), data.get("event_opdata"), reading.facts(tags)),
        severity=_severity(data),
        started_at=reading.instant(data.get("event_timestamp")) if is_firing else None,
        ended_at=reading.instant(data.get("event_recovery_timestamp")) if is_over else None,
        episode=event,
        labels=tags | reading.labels_of(facts),
        links=reading.links(Runbook=data.get("trigger_url")),
    )


def _identity(data: dict[str, Any], host: str) -> str:
    trigger = reading.needed(data, "trigger_id", "event_id")
    return f"{trigger}@{host}" if host else trigger


def _signal(data: dict[str, Any]) -> Signal:
    """An update is told while the problem goes on; only an acknowledgement means something."""
    value = reading.needed(data, "event_value")
    if value not in {"0", "1"}:
        raise Unreadable(f"Its event_value is {value!r}; there are 1, a problem, and 0.")
    if reading.text(data.get("event_update_status")) == "1":
        done = reading.text(data.get("event_update_action")).casefold()
        words = {one.strip() for one in done.split(",")}
        return Signal.ACKNOWLEDGED if "acknowledged" in words else Signal.NOTICE
    return Signal.FIRING if value == "1" else Signal.RESOLVED


def _severity(data: dict[str, Any]) -> str:
    number = reading.text(data.get("event_nseverity"))
    return SEVERITIES.get(number, reading.text(data.get("event_severity")))


def _update(data: dict[str, Any]) -> str:
    if reading.text(data.get("event_update_status")) != "1":
        return ""
    who, words = (reading.text(data.get(one)) for one in ("user_fullname", "event_update_message"))
    return f"{who}: {words}" if who and words else words


def _tags(value: str) -> dict[str, str]:
    """Of {EVENT.TAGSJSON}, or of {EVENT.TAGS}: `service:shop, monitor`."""
    if not value.startswith("["):
        return reading.labels_of([one.strip() for one in value.split(",")])
    try:
        found = reading.objects_of(reading.json_of(value.encode("utf-8", "replace")), "The tags")
    except Unreadable:
        return {}
    named = {reading.text(one.get("tag")): reading.text(one.get("value")) or "yes" for one in found}
    return {name: words for name, words in named.items() if name}


_BODY = {
    "event_id": "4021", "event_source": "0", "event_value": "1", "event_update_status": "0",
    "event_name": "The disk of db-1 is full", "event_opdata": "free: 2 %", "event_nseverity": "4",
    "event_tagsjson": '[{"tag":"service","value":"shop"},{"tag":"disk","value":""}]',
    "event_timestamp": "1795424400",
    "event_recovery_timestamp": "{EVENT.RECOVERY.TIMESTAMP}",
    "trigger_id": "16199", "trigger_url": "https://wiki.example/disk", "host_host": "db-1",
    "host_name": "db-1 (Bonn)", "host_ip": "192.0.2.11", "user_fullname": "{USER.FULLNAME}",
}  # fmt: skip
_FIRING = Alert(
    "16199@db-1", Signal.FIRING, "The disk of db-1 is full",
    "free: 2 %\ndisk: yes\nservice: shop", "high",
    started_at=reading.instant(1795424400),
    episode="4021",
    labels={"service": "shop", "disk": "yes", "host": "db-1 (Bonn)", "address": "192.0.2.11"},
    links=(Link("Runbook", "https://wiki.example/disk"),),
)  # fmt: skip
_UPDATE = {
    "event_update_status": "1", "event_update_action": "acknowledged, commented",
    "event_update_message": "on it", "user_fullname": "Ada",
}  # fmt: skip


_AT_END: dict[str, Any] = {"started_at": None, "ended_at": reading.instant(1795426200)}


def _example(name: str, alert: Alert, **other: Any) -> Example:
    body = json.dumps({**_BODY, **other}).encode()
    return Example(name, Delivery(body), Report((alert,)))


SOURCE = Source(
    id="zabbix",
    title="Zabbix",
    parse=parse,
    authenticate=by_address,
    proof=BY_ADDRESS,
    set_up=(
        "In Zabbix, below Alerts, Media types, add one of the type Webhook.",
        "Replace its parameters by url with the value {url}, and secret with the value {secret}.",
        "Add a parameter for each of these macros, named in small letters with underscores, such "
        f"as event_id with the value {{EVENT.ID}}: {', '.join(MACROS)}.",
        f"Its script is: {SCRIPT}",
        "Below Message templates, add Problem, Problem recovery and Problem update.",
        "Give a user this medium, and let a trigger action send problems, recoveries and updates.",
    ),
    examples=(
        _example("a full disk", _FIRING),
        _example(
            "its end",
            replace(_FIRING, signal=Signal.RESOLVED, **_AT_END),
            event_value="0",
            event_recovery_timestamp="1795426200",
        ),
        _example(
            "somebody takes care of it",
            replace(
                _FIRING,
                signal=Signal.ACKNOWLEDGED,
                text="Ada: on it\n" + _FIRING.text,
                started_at=None,
            ),
            **_UPDATE,
        ),
        _example(
            "somebody comments, and the version knows few macros",
            replace(
                _FIRING,
                signal=Signal.NOTICE,
                text="Ada: on it\nfree: 2 %",
                severity="",
                started_at=None,
                labels={"host": "db-1"},
            ),
            **{**_UPDATE, "event_update_action": "commented"},
            event_nseverity="{EVENT.NSEVERITY}",
            event_tagsjson="*UNKNOWN*",
            host_name="{HOST.NAME}",
            host_ip="{HOST.IP}",
        ),
        Example(
            "a discovered host",
            Delivery(json.dumps({**_BODY, "event_source": "1"}).encode()),
            Report(note="It tells of a discovered host."),
        ),
    ),
)
