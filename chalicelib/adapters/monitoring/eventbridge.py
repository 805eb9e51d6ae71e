"""Amazon EventBridge: alarms of CloudWatch as events, and as an alarm hands them to a function.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
A composite alarm that is suppressed opens nothing; an event tells when it is so no more. Events of
other services have no common shape, so they are kept as unreadable rather than guessed.
"""

import json
from dataclasses import replace
from typing import Any

from chalicelib.adapters.monitoring import reading
from chalicelib.adapters.monitoring.authentication import by_address
from chalicelib.adapters.monitoring.cloudwatch import Change, alert_of
from chalicelib.adapters.monitoring.source import Delivery, Example, Source, Unreadable
from chalicelib.domain.alerts import Alert, Link, Report, Signal

STATE_CHANGES = ("CloudWatch Alarm State Change", "CloudWatch Alarm Contributor State Change")
CONFIGURATION = "CloudWatch Alarm Configuration Change"


def parse(delivery: Delivery) -> Report:
    return report_of(reading.data_of(delivery))


def report_of(data: dict[str, Any]) -> Report:
    """What an event says. Raises Unreadable."""
    if "alarmData" in data:
        return Report((_alert(data, data.get("alarmData"), reading.needed(data, "alarmArn")),))
    kind = reading.needed(data, "detail-type")
    if kind == CONFIGURATION:
        said = reading.inner(data, "detail", "operation")
        note = f"The configuration of an alarm was changed: {reading.text(said) or 'updated'}."
        return Report(message_id=reading.text(data.get("id")), note=note)
    if kind not in STATE_CHANGES:
        raise Unreadable(f"It is a {kind!r}. Only changes of CloudWatch alarms are understood.")
    alert = _alert(data, data.get("detail"), _arn(data))
    return Report((alert,), message_id=reading.text(data.get("id")))


def _arn(data: dict[str, Any]) -> str:
    resources = data.get("resources")
    told = resources[0] if isinstance(resources, list) and resources else None
    place = [reading.text(data.get(name)) for name in ("account", "region")]
    return reading.text(told) or ":".join([*place, reading.needed(data.get("detail"), "alarmName")])


def _alert(data: dict[str, Any], told: Any, arn: str) -> Alert:
    detail = reading.object_of(told, "The alarm")
    state, settings = detail.get("state"), detail.get("configuration")
    return alert_of(
        Change(
            arn=arn,
            name=reading.needed(detail, "alarmName"),
            state=reading.needed(state, "value"),
            at=reading.first(reading.inner(state, "timestamp"), data.get("time")),
            texts=(
                reading.inner(settings, "description"),
                *(reading.inner(*one) for one in ((state, "reason"), (settings, "alarmRule"))),
            ),
            labels=_metric(settings) | reading.labels_of(detail.get("alarmTags")),
            series=reading.text(reading.inner(detail, "alarmContributor", "id")),
            series_labels=_series(detail),
            suppressed=bool(reading.inner(state, "actionsSuppressedBy")),
        )
    )


def _series(detail: dict[str, Any]) -> dict[str, str]:
    return reading.labels_of(reading.inner(detail, "alarmContributor", "attributes"))


def _metric(settings: Any) -> dict[str, str]:
    """Of the first metric; expressions have none, and composite alarms have no metrics at all."""
    metrics = reading.inner(settings, "metrics")
    found = (reading.inner(one, "metricStat", "metric") for one in _list(metrics))
    metric = next((one for one in found if isinstance(one, dict)), {})
    facts = {"metric": metric.get("name"), "namespace": metric.get("namespace")}
    return reading.labels_of(facts) | reading.labels_of(metric.get("dimensions"))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


_ARN = "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:CpuTooHigh"
_DIMENSIONS = {"InstanceId": "i-0abc"}
_METRIC = {"name": "CPUUtilization", "namespace": "AWS/EC2", "dimensions": _DIMENSIONS}
_DETAIL = {
    "alarmName": "CpuTooHigh",
    "configuration": {
        "description": "The shop's server is busy.",
        "metrics": [{"id": "m1", "metricStat": {"metric": _METRIC, "period": 300}}],
    },
    "previousState": {"value": "OK", "timestamp": "2026-11-23T08:00:00.000+0000"},
    "state": {
        "value": "ALARM",
        "reason": "Threshold Crossed: 1 datapoint was greater than the threshold (80.0).",
        "reasonData": '{"version":"1.0","recentDatapoints":[95.2]}',
        "timestamp": "2026-11-23T09:00:00.123+0000",
    },
    "alarmTags": {"severity": "critical", "service": "shop"},
}
_EVENT = {
    "version": "0", "id": "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92", "source": "aws.cloudwatch",
    "detail-type": "CloudWatch Alarm State Change", "account": "123456789012",
    "time": "2026-11-23T09:00:00Z", "region": "eu-central-1", "resources": [_ARN],
    "detail": _DETAIL,
}  # fmt: skip
_PLACE = {"region": "eu-central-1", "account": "123456789012"}
_HOME = "https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1"
_FIRING = Alert(
    _ARN, Signal.FIRING, "CpuTooHigh is ALARM",
    text="The shop's server is busy.\n"
    "Threshold Crossed: 1 datapoint was greater than the threshold (80.0).",
    severity="critical",
    started_at=reading.instant("2026-11-23T09:00:00.123Z"),
    labels={
        "alarm": "CpuTooHigh", "metric": "CPUUtilization", "namespace": "AWS/EC2",
        "InstanceId": "i-0abc", "severity": "critical", "service": "shop", **_PLACE,
    },
    links=(Link("Alarm", f"{_HOME}#alarmsV2:alarm/CpuTooHigh"),),
)  # fmt: skip
_OK = {"value": "OK", "reason": "Back to normal.", "timestamp": "2026-11-23T09:30:00.000+0000"}
_RESOLVED = replace(
    _FIRING, signal=Signal.RESOLVED, title="CpuTooHigh is OK", started_at=None,
    text="The shop's server is busy.\nBack to normal.",
    ended_at=reading.instant("2026-11-23T09:30:00Z"),
)  # fmt: skip
_SERIES = {
    "alarmName": "Orders",
    "alarmContributor": {"id": "6d442278dba546f6", "attributes": {"TableName": "orders"}},
    "state": {"value": "ALARM", "reason": "Too few.", "timestamp": "2026-11-23T09:00:00.000+0000"},
    "configuration": {"metrics": [{"id": "m1", "expression": "SELECT AVG(x)", "period": 60}]},
}  # fmt: skip
_SERIES_ARN = "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:Orders"
_OF_A_SERIES = Alert(
    f"{_SERIES_ARN}#6d442278dba546f6", Signal.FIRING, "Orders (orders) is ALARM", "Too few.",
    started_at=reading.instant("2026-11-23T09:00:00Z"),
    labels={"alarm": "Orders", "TableName": "orders", **_PLACE},
    links=(Link("Alarm", f"{_HOME}#alarmsV2:alarm/Orders"),),
)  # fmt: skip
_COMPOSITE = {
    "alarmName": "Shop",
    "configuration": {"alarmRule": 'ALARM("CpuTooHigh")', "actionsSuppressor": "Maintenance"},
    "state": {"value": "ALARM", "reason": "CpuTooHigh.", "actionsSuppressedBy": "WaitPeriod"},
}
_SUPPRESSED = Alert(
    "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:Shop", Signal.NOTICE, "Shop is ALARM",
    'CpuTooHigh.\nALARM("CpuTooHigh")', labels={"alarm": "Shop", **_PLACE},
    links=(Link("Alarm", f"{_HOME}#alarmsV2:alarm/Shop"),),
)  # fmt: skip


def _example(name: str, event: dict[str, Any], *alerts: Alert, note: str = "") -> Example:
    body = json.dumps(event).encode()
    delivery = Delivery(body, {"content-type": "application/json; charset=utf-8"})
    return Example(name, delivery, Report(alerts, message_id=event.get("id", ""), note=note))


SOURCE = Source(
    id="eventbridge",
    title="Amazon EventBridge (CloudWatch alarms)",
    parse=parse,
    authenticate=by_address,
    proof="The secret as the password of Basic authentication, or as the header X-API-Key.",
    set_up=(
        "In EventBridge, create a connection with an API key: the name X-API-Key, the value "
        "{secret}.",
        "Create an API destination with that connection, the endpoint {url} and the method POST.",
        "Create a rule for the source aws.cloudwatch and the detail type CloudWatch Alarm State "
        "Change, with the API destination as its target and the matched event as its input.",
        "Give the target a dead-letter queue.",
    ),
    examples=(
        _example("a busy server", _EVENT, _FIRING),
        _example("its end", {**_EVENT, "detail": {**_DETAIL, "state": _OK}}, _RESOLVED),
        _example(
            "no data",
            {**_EVENT, "detail": {**_DETAIL, "state": {**_OK, "value": "INSUFFICIENT_DATA"}}},
            replace(_RESOLVED, signal=Signal.NOTICE, title="CpuTooHigh is INSUFFICIENT_DATA",
                    ended_at=None),
        ),
        _example("one of many time series", {**_EVENT, "detail-type": STATE_CHANGES[1],
                 "resources": [_SERIES_ARN], "detail": _SERIES}, _OF_A_SERIES),
        _example(
            "an alarm calls a function, and that calls us",
            {"source": "aws.cloudwatch", "alarmArn": _ARN, "accountId": "123456789012",
             "time": "2026-11-23T09:00:00.123+0000", "region": "eu-central-1",
             "alarmData": _DETAIL},
            _FIRING,
        ),
        _example("a composite alarm that is suppressed",
                 {**_EVENT, "resources": [_SUPPRESSED.identity], "detail": _COMPOSITE},
                 _SUPPRESSED),
        _example("an alarm is configured",
                 {"id": "a1", "detail-type": CONFIGURATION, "detail": {"operation": "update"}},
                 note="The configuration of an alarm was changed: update."),
    ),
)  # fmt: skip
