"""Amazon SNS: alarms of CloudWatch, and events of EventBridge, that a topic sends to an address.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
A metric alarm has a Trigger with Dimensions, or with Metrics if it calculates; a composite one has
an AlarmRule; a log alarm tells of one series at a time. Other messages have no state to go by:
they are kept as unreadable, for somebody to see, rather than opened for ever or lost.
"""

import json
from dataclasses import replace
from typing import Any

from chalicelib.adapters.monitoring import eventbridge, reading
from chalicelib.adapters.monitoring.authentication import by_address
from chalicelib.adapters.monitoring.cloudwatch import Change, alert_of
from chalicelib.adapters.monitoring.sns_signature import NOTIFICATION, SUBSCRIPTION, verify
from chalicelib.adapters.monitoring.sns_subscription import confirm
from chalicelib.adapters.monitoring.source import Delivery, Example, Source, Unreadable
from chalicelib.domain.alerts import Alert, Link, Report, Signal

TEXTS = ("AlarmDescription", "NewStateReason", "AlarmRule")
TEST_EVENTS = ("s3:TestEvent", "autoscaling:TEST_NOTIFICATION")


def parse(delivery: Delivery) -> Report:
    data = reading.data_of(delivery)
    kind, topic = reading.needed(data, "Type"), reading.text(data.get("TopicArn"))
    message_id = reading.text(data.get("MessageId"))
    if kind == SUBSCRIPTION:
        return Report(message_id=message_id, note=f"The topic {topic} asks to be confirmed.")
    if kind != NOTIFICATION:
        return Report(message_id=message_id, note=f"{kind} of the topic {topic}.")
    return replace(_said(data), message_id=message_id)


def _said(data: dict[str, Any]) -> Report:
    message = _message(data)
    if "AlarmName" in message:
        return Report((_alert(message),))
    if "detail-type" in message or "alarmData" in message:
        return eventbridge.report_of(message)
    event = reading.first(message.get("Event"))
    if event in TEST_EVENTS:
        return Report(note=f"A test: {event}.")
    raise Unreadable(f"It is no alarm of CloudWatch: {_subject(data)}.")


def _message(data: dict[str, Any]) -> dict[str, Any]:
    told = reading.needed(data, "Message")
    try:
        return reading.object_of(reading.json_of(told.encode("utf-8", "replace")), "The message")
    except Unreadable as error:
        raise Unreadable(f"Its message is no alarm, but text: {_subject(data)}.") from error


def _subject(data: dict[str, Any]) -> str:
    return reading.first(data.get("Subject"), data.get("Message"))[:200]


def _alert(said: dict[str, Any]) -> Alert:
    name, trigger = reading.needed(said, "AlarmName"), said.get("Trigger")
    place = [reading.text(said.get(one)) for one in ("AWSAccountId", "Region")]
    return alert_of(
        Change(
            arn=reading.text(said.get("AlarmArn")) or ":".join([*place, name]),
            name=name,
            state=reading.needed(said, "NewStateValue"),
            at=said.get("StateChangeTime"),
            texts=tuple(said.get(one) for one in TEXTS),
            labels=_metric(trigger),
            series=reading.text(said.get("AlarmContributorId")),
            series_labels=reading.labels_of(said.get("AlarmContributorAttributes")),
        )
    )


def _metric(trigger: Any) -> dict[str, str]:
    """Of the metric, or of the first of those that are calculated with."""
    found = (reading.inner(one, "MetricStat", "Metric") for one in _list(trigger, "Metrics"))
    metric = next((one for one in found if isinstance(one, dict)), trigger)
    parts = [reading.inner(metric, name) for name in ("MetricName", "Namespace")]
    facts = dict(zip(("metric", "namespace"), parts, strict=True))
    dimensions = [one for one in _list(metric, "Dimensions") if isinstance(one, dict)]
    named = {reading.text(one.get("name")): one.get("value") for one in dimensions}
    return reading.labels_of(facts) | reading.labels_of({n: v for n, v in named.items() if n})


def _list(data: Any, name: str) -> list[Any]:
    found = reading.inner(data, name)
    return found if isinstance(found, list) else []


_ARN = "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:Queue is long"
_TOPIC = "arn:aws:sns:eu-central-1:123456789012:alarms"
_ALARM = {
    "AlarmName": "Queue is long", "AlarmDescription": None, "AWSAccountId": "123456789012",
    "NewStateValue": "ALARM", "OldStateValue": "OK", "Region": "EU (Frankfurt)",
    "NewStateReason": "Threshold Crossed: 1 datapoint (812.0) was greater than 500.0.",
    "StateChangeTime": "2026-11-23T09:00:00.123+0000",
    "AlarmArn": _ARN,
    "Trigger": {
        "MetricName": "ApproximateNumberOfMessagesVisible", "Namespace": "AWS/SQS",
        "Dimensions": [{"value": "orders", "name": "QueueName"}], "Period": 60, "Threshold": 500.0,
    },
}  # fmt: skip
_PLACE = {"region": "eu-central-1", "account": "123456789012"}
_HOME = "https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1"
_FIRING = Alert(
    _ARN, Signal.FIRING, "Queue is long is ALARM",
    text="Threshold Crossed: 1 datapoint (812.0) was greater than 500.0.",
    started_at=reading.instant("2026-11-23T09:00:00.123Z"),
    labels={
        "alarm": "Queue is long", "metric": "ApproximateNumberOfMessagesVisible",
        "namespace": "AWS/SQS", "QueueName": "orders", **_PLACE,
    },
    links=(Link("Alarm", f"{_HOME}#alarmsV2:alarm/Queue%20is%20long"),),
)  # fmt: skip
_OVER = {
    **_ALARM, "NewStateValue": "OK", "OldStateValue": "ALARM", "NewStateReason": "Short again.",
    "StateChangeTime": "2026-11-23T09:30:00.000+0000",
}  # fmt: skip
_RESOLVED = replace(
    _FIRING, signal=Signal.RESOLVED, title="Queue is long is OK", text="Short again.",
    started_at=None, ended_at=reading.instant("2026-11-23T09:30:00Z"),
)  # fmt: skip
_STAT = {"Metric": {"MetricName": "Errors", "Namespace": "AWS/Lambda", "Dimensions": []}}
_METRICS = [{"Id": "e1", "Expression": "m1 / m2"}, {"Id": "m1", "MetricStat": _STAT}]
_MATH = {**_ALARM, "Trigger": {"Metrics": _METRICS, "Threshold": 1}}
_SERIES = {"AlarmContributorId": "a1b2", "AlarmContributorAttributes": {"endpoint": "/orders"}}
_LOGS = {"AlarmName": "Queue is long", "AlarmArn": _ARN, "NewStateValue": "ALARM", **_SERIES}
_COMPOSITE = {
    **{name: value for name, value in _ALARM.items() if name != "Trigger"},
    "AlarmRule": "ALARM(one) OR ALARM(two)", "TriggeringChildren": [{"Arn": "arn:aws:x"}],
}  # fmt: skip
_ID = "da41e39f-ea4d-435a-b922-c6aae3915ebe"
_BARE_LABELS = {"alarm": "Queue is long", **_PLACE}


def _delivery(message: Any, **more: Any) -> Delivery:
    body = {
        "Type": NOTIFICATION, "TopicArn": _TOPIC, "MessageId": _ID,
        "Subject": 'ALARM: "Queue is long" in EU (Frankfurt)',
        "Message": message if isinstance(message, str) else json.dumps(message),
        "Timestamp": "2026-11-23T09:00:01.000Z",
        "SignatureVersion": "2", "Signature": "AAAA",
        "SigningCertURL": "https://sns.eu-central-1.amazonaws.com/"
        "SimpleNotificationService-0123456789abcdef.pem",
        **more,
    }  # fmt: skip
    kind = {"content-type": "text/plain; charset=UTF-8"}
    return Delivery(json.dumps(body).encode(), kind, options={"topics": [_TOPIC]})


def _example(name: str, message: Any, *alerts: Alert, note: str = "", **more: Any) -> Example:
    report = Report(alerts, message_id=_ID, note=note)
    return Example(name, _delivery(message, **more), report)


SOURCE = Source(
    id="sns",
    title="Amazon SNS (CloudWatch alarms)",
    parse=parse,
    authenticate=by_address,
    proof="The signature of Amazon SNS, and a topic that this integration allows.",
    set_up=(
        "Name the topic's ARN in this integration's topics first; others are refused.",
        "In SNS, create a subscription of the topic: the protocol HTTPS, the endpoint {url}, "
        "without raw message delivery. It is confirmed on its own within a minute.",
        "Set the topic's SignatureVersion to 2.",
        "In CloudWatch, let alarms notify the topic in the states ALARM and OK.",
    ),
    examples=(
        _example("a long queue", _ALARM, _FIRING),
        _example("its end", _OVER, _RESOLVED),
        _example(
            "an alarm that calculates",
            _MATH,
            replace(_FIRING, labels={"alarm": "Queue is long", "metric": "Errors",
                                     "namespace": "AWS/Lambda", **_PLACE}),
        ),
        _example(
            "a composite alarm",
            _COMPOSITE,
            replace(_FIRING, text=f"{_FIRING.text}\nALARM(one) OR ALARM(two)",
                    labels=_BARE_LABELS),
        ),
        _example(
            "one series of a log alarm",
            _LOGS,
            replace(_FIRING, identity=f"{_ARN}#a1b2", title="Queue is long (/orders) is ALARM",
                    text="", started_at=None, labels={**_BARE_LABELS, "endpoint": "/orders"}),
        ),
        _example("a test of another service", {"Event": "s3:TestEvent", "Bucket": "b"},
                 note="A test: s3:TestEvent."),
        _example("a new subscription", "You have chosen to subscribe.", Type=SUBSCRIPTION,
                 note=f"The topic {_TOPIC} asks to be confirmed."),
    ),
    verify=verify,
    after=confirm,
)  # fmt: skip
