"""Whatever comes in by the door of any source: no 500, and no failure behind it."""

import pytest

from chalicelib.models.alert import AlertRecord
from chalicelib.services.alerts import receive
from tests import aws
from tests.cast import MONDAY_9, after
from tests.integration.alert_scenes import (
    put_window,
)
from tests.integration.api import Api
from tests.integration.monitoring import (
    connect,
    incidents,
    post,
    report,
    tick,
    told,
)

pytestmark = pytest.mark.usefixtures("cloud")


HARD = {
    "deep": b"[" * 100_000, "deep object": b'{"a":' * 50_000, "empty": b"", "null": b"null",
    "number": b"1", "binary": bytes(range(256)), "bom": b"\xef\xbb\xbf{}", "nan": b'{"a": NaN}',
    "odd key": b'{"routing_key": ["a"], "event_action": {}}',
    "surrogate": b'{"routing_key": "\\ud800", "event_action": "trigger", "Type": "\\ud800"}',
    "large number": b'{"a": ' + b"9" * 5000 + b"}",
}  # fmt: skip


@pytest.mark.parametrize("name", list(HARD))
def test_no_source_answers_500_or_fails_whatever_comes(name):
    from chalicelib.adapters.monitoring import all_sources

    wrong = {}
    for source in all_sources():
        found = connect(source.id)
        for more in ({}, {"Authorization": "Basic ///"}, {"Webhook_Timestamp": "9" * 400},
                     {"Content_Type": "multipart/form-data; boundary=é"}):  # fmt: skip
            answer = post(found, HARD[name], **more)
            if answer.status not in (202, 401, 400):
                wrong[source.id] = answer.status
        failed = receive(aws.queued("alerts"), MONDAY_9)
        if failed:
            wrong[source.id] = "failed"
    assert wrong == {}


@pytest.mark.parametrize("key", ["%ED%A0%80", "\ud800", "a" * 5000, "%00", "é"])
def test_a_strange_key_is_404(key):
    assert Api().call("POST", f"/hooks/alertmanager/{key}", b"{}").status == 404


def test_a_long_alert_of_smileys_can_be_held():
    prometheus = connect(storm_size=0)
    put_window()
    face = "\N{GRINNING FACE}"
    labels = {f"{face * 140}{n}": face * 300 for n in range(50)}
    told_of = told("Disk", labels=labels)
    told_of["annotations"] = {"summary": "Disk", "description": face * 10_000}
    report(prometheus, told_of, at=after(minutes=5))
    assert len(list(AlertRecord.scan())) == 1
    tick(after(minutes=60))
    assert len(incidents()) == 1
