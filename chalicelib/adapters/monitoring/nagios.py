"""Nagios: what its notification command sends (docs/monitoring/nagios.md).

https://assets.nagios.com/downloads/nagioscore/docs/nagioscore/4/en/macrolist.html
The names are those of its macros. A problem's number stays the same from its first notification to
its recovery, and grows with the next problem, so it names the episode. While something flaps,
Nagios tells neither of problems nor of recoveries, and the number grows unheard. So flapping is a
problem from its beginning, its end tells the state, and only instants tell which problem has ended.
"""

import json
import re
from dataclasses import replace
from typing import Any

from chalicelib.adapters.monitoring import reading
from chalicelib.adapters.monitoring.authentication import BY_ADDRESS, by_address
from chalicelib.adapters.monitoring.source import Delivery, Example, Source
from chalicelib.domain.alerts import Alert, Link, Report, Signal

SIGNALS = {
    "PROBLEM": Signal.FIRING,
    "RECOVERY": Signal.RESOLVED,
    "ACKNOWLEDGEMENT": Signal.ACKNOWLEDGED,
    "FLAPPINGSTART": Signal.FLAPPING,
    "FLAPPINGSTOP": Signal.STEADY,
    "FLAPPINGEND": Signal.STEADY,
    "FLAPPINGDISABLED": Signal.STEADY,
}
GOOD, FLAPS = {"OK", "UP"}, "FLAPPING"
ESCAPED = re.compile(r"\\([n\\])")
LABELS = {
    "host": "HOSTNAME",
    "service": "SERVICEDESC",
    "address": "HOSTADDRESS",
    "site": "_HOSTSITE",
    "hostgroup": "HOSTGROUPNAMES",
    "servicegroup": "SERVICEGROUPNAMES",
}


def parse(delivery: Delivery) -> Report:
    sent = reading.data_of(delivery)
    data = {name.removeprefix("NAGIOS_"): value for name, value in sent.items()}
    kind, state = reading.needed(data, "NOTIFICATIONTYPE"), _of(data, "STATE")
    alerts = (_alert(data, signal) for signal in signals_of(kind, state))
    return Report(tuple(alerts), message_id=reading.text(data.get("delivery_id")))


def signals_of(kind: str, state: str) -> tuple[Signal, ...]:
    """What a type of notification says; downtimes and custom notifications are notices."""
    signal = SIGNALS.get(kind.upper().partition(" ")[0], Signal.NOTICE)
    if signal is Signal.FLAPPING:
        return (Signal.FIRING, signal)
    if signal is Signal.STEADY and is_good(state):
        return (signal, Signal.RESOLVED)
    return (signal,)


def is_good(state: str) -> bool:
    return state.upper() in GOOD


def state_of(signal: Signal, state: str) -> str:
    """What is well just now, but flaps, is not well."""
    flaps = signal in (Signal.FIRING, Signal.FLAPPING) and is_good(state)
    return FLAPS if flaps else state


def title_of(host: str, service: str, state: str) -> str:
    what = f"{service} on {host}" if service else host
    return f"{what} is {state}" if state else what


def said_by(author: Any, comment: Any) -> str:
    """What somebody said when acknowledging, or asking for a downtime."""
    who, words = reading.text(author), reading.text(comment)
    return f"{who}: {words}" if who and words else words


def _alert(data: dict[str, Any], signal: Signal) -> Alert:
    host, service = reading.needed(data, "HOSTNAME"), reading.text(data.get("SERVICEDESC"))
    state = state_of(signal, _of(data, "STATE"))
    is_problem = signal is Signal.FIRING and state != FLAPS
    changed_at = reading.instant(data.get(f"LAST{_about(data)}STATECHANGE"))
    return Alert(
        identity=f"{host}!{service}" if service else host,
        signal=signal,
        title=title_of(host, service, state),
        text=reading.lines(
            said_by(data.get("NOTIFICATIONAUTHOR"), data.get("NOTIFICATIONCOMMENT")),
            _of(data, "OUTPUT"),
            _unescaped(reading.text(data.get(f"LONG{_about(data)}OUTPUT"))),
        ),
        severity="" if is_good(state) else state,
        started_at=changed_at if is_problem else None,
        ended_at=changed_at if signal is Signal.RESOLVED else None,
        episode=_episode(data) if is_problem else "",
        labels=_labels(data),
        links=reading.links(Runbook=_of(data, "NOTESURL"), Action=_of(data, "ACTIONURL")),
    )


def _unescaped(words: str) -> str:
    """Nagios writes a line's end of long output as \\n, and a backslash as two."""
    return ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], words)


def _about(data: dict[str, Any]) -> str:
    return "SERVICE" if reading.text(data.get("SERVICEDESC")) else "HOST"


def _of(data: dict[str, Any], what: str) -> str:
    return reading.text(data.get(_about(data) + what))


def _episode(data: dict[str, Any]) -> str:
    """The problem's number; 0 is none."""
    number = _of(data, "PROBLEMID")
    return "" if number == "0" else number


def _labels(data: dict[str, Any]) -> dict[str, str]:
    return reading.labels_of({name: data.get(macro) for name, macro in LABELS.items()})


_PROBLEM = {
    "NOTIFICATIONTYPE": "PROBLEM",
    "HOSTNAME": "db-1",
    "HOSTSTATE": "UP",
    "HOSTGROUPNAMES": "databases",
    "_HOSTSITE": "bonn",
    "SERVICEDESC": "Disk /var",
    "SERVICESTATE": "CRITICAL",
    "SERVICEOUTPUT": "DISK CRITICAL - 2% free",
    "LONGSERVICEOUTPUT": "inodes: 40%\\nmount: C:\\\\new",
    "SERVICEPROBLEMID": "17",
    "LASTSERVICEPROBLEMID": "12",
    "LASTSERVICESTATECHANGE": "1795424400",
    "SERVICENOTESURL": "https://wiki.example/disk",
    "delivery_id": "6f1c2d3e4b5a49788796a5b4c3d2e1f0",
    "time": 1795424460,
}
_LABELS = {"host": "db-1", "service": "Disk /var", "site": "bonn", "hostgroup": "databases"}
_FIRING = Alert(
    identity="db-1!Disk /var",
    signal=Signal.FIRING,
    title="Disk /var on db-1 is CRITICAL",
    text="DISK CRITICAL - 2% free\ninodes: 40%\nmount: C:\\new",
    severity="CRITICAL",
    started_at=reading.instant(1795424400),
    episode="17",
    labels=_LABELS,
    links=(Link("Runbook", "https://wiki.example/disk"),),
)
_OVER = {
    **_PROBLEM,
    "NOTIFICATIONTYPE": "RECOVERY",
    "SERVICESTATE": "OK",
    "SERVICEOUTPUT": "DISK OK - 60% free",
    "LONGSERVICEOUTPUT": "",
    "LASTSERVICESTATECHANGE": "1795424700",
}
_RESOLVED = replace(
    _FIRING,
    signal=Signal.RESOLVED,
    title="Disk /var on db-1 is OK",
    text="DISK OK - 60% free",
    severity="",
    started_at=None,
    ended_at=reading.instant(1795424700),
    episode="",
)
_QUIET = replace(_FIRING, started_at=None, episode="")
_WELL = replace(
    _RESOLVED, title="Disk /var on db-1 is FLAPPING", severity="FLAPPING", ended_at=None
)


def _example(name: str, data: dict[str, Any], *alerts: Alert) -> Example:
    body = json.dumps(data).encode()
    return Example(name, Delivery(body), Report(alerts, message_id=data.get("delivery_id", "")))


_FORM = Example(
    "a host that is down, sent by curl as a form",
    Delivery(
        b"NOTIFICATIONTYPE=PROBLEM&HOSTNAME=web-1&HOSTSTATE=DOWN&HOSTOUTPUT=a%20%26%20%22b%22"
        b"&SERVICEDESC=%24SERVICEDESC%24&HOSTPROBLEMID=4",
        {"content-type": "application/x-www-form-urlencoded"},
    ),
    Report((Alert("web-1", Signal.FIRING, "web-1 is DOWN", 'a & "b"', "DOWN", episode="4",
                  labels={"host": "web-1"}),)),
)  # fmt: skip

SOURCE = Source(
    id="nagios",
    title="Nagios",
    parse=parse,
    authenticate=by_address,
    proof=BY_ADDRESS,
    set_up=(
        "Copy docs/monitoring/tierline-notify.py to /usr/local/bin on the Nagios server.",
        "Write TIERLINE_URL={url} and TIERLINE_SECRET={secret} into /etc/tierline-notify.conf.",
        "In nagios.cfg, set enable_environment_macros=1.",
        "Add the command and the contact of docs/monitoring/nagios.md, and reload Nagios.",
    ),
    examples=(
        _example("a full disk", _PROBLEM, _FIRING),
        _example("its end", _OVER, _RESOLVED),
        _example(
            "somebody takes care of it",
            _PROBLEM
            | {
                "NOTIFICATIONTYPE": "ACKNOWLEDGEMENT",
                "NOTIFICATIONAUTHOR": "Ada",
                "NOTIFICATIONCOMMENT": "on it",
            },
            replace(_QUIET, signal=Signal.ACKNOWLEDGED, text="Ada: on it\n" + _FIRING.text),
        ),
        _example(
            "it flaps",
            _PROBLEM | {"NOTIFICATIONTYPE": "FLAPPINGSTART"},
            _FIRING,
            replace(_QUIET, signal=Signal.FLAPPING),
        ),
        _example(
            "it flaps, and is well just now",
            _OVER | {"NOTIFICATIONTYPE": "FLAPPINGSTART"},
            replace(_WELL, signal=Signal.FIRING),
            replace(_WELL, signal=Signal.FLAPPING),
        ),
        _example(
            "it flaps no more, and is well",
            _OVER | {"NOTIFICATIONTYPE": "FLAPPINGSTOP"},
            replace(_RESOLVED, signal=Signal.STEADY, ended_at=None),
            _RESOLVED,
        ),
        _FORM,
    ),
    repeats_within=2 * 3600,
)
