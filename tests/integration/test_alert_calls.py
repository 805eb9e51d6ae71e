"""How many calls alerts make: one message to take a delivery, two calls for a repeat."""

import pytest

from chalicelib.handlers.workers.alerts import receive_alerts
from tests import aws
from tests.integration.counting import counted
from tests.integration.lambdas import work
from tests.integration.monitoring import body, connect, incidents, log, post, report, told

pytestmark = pytest.mark.usefixtures("cloud")


def test_taking_a_delivery_is_no_call_to_the_store(monkeypatch):
    found = connect()
    report(found, told("Disk"))
    with counted(monkeypatch) as calls:
        assert post(found, body(told("Disk"))).status == 202
    assert calls == {"SendMessage": 1}


def test_a_repeat_is_one_read_and_one_write(monkeypatch):
    found = connect()
    report(found, told("Disk"))
    post(found, body(told("Disk")))
    messages = aws.queued("alerts")
    with counted(monkeypatch) as calls:
        work(receive_alerts, messages)
    assert calls == {"BatchGetItem": 1, "TransactWriteItems": 1}


def test_ten_repeats_of_a_batch_are_one_read_and_one_write_too(monkeypatch):
    found = connect()
    for name in ("Disk", "Fan"):
        report(found, told(name))
    for turn in range(10):
        post(found, body(told(("Disk", "Fan")[turn % 2])))
    messages = aws.queued("alerts")
    with counted(monkeypatch) as calls:
        work(receive_alerts, messages)
    assert calls == {"BatchGetItem": 1, "TransactWriteItems": 1}
    assert [one.alert["count"] for one in incidents()] == [6, 6]
    assert len(log(found)) == 12


def test_a_batch_that_comes_again_counts_nothing_again():
    found = connect()
    report(found, told("Disk"))
    for _ in range(10):
        post(found, body(told("Disk")))
    messages = aws.queued("alerts")
    for _ in range(3):
        assert work(receive_alerts, messages) == {"batchItemFailures": []}
    (only,) = incidents()
    assert only.alert["count"] == 11
    assert len(log(found)) == 11


@pytest.mark.parametrize("status", ["firing", "resolved"])
def test_whatever_a_message_did_it_does_once(status):
    found = connect()
    report(found, told("Disk"), told("Fan"))
    post(found, body(told("Disk", status), told("Fan", status)))
    messages = aws.queued("alerts")
    work(receive_alerts, messages)
    before = [(one.version, one.alert) for one in incidents()]
    work(receive_alerts, messages)
    assert [(one.version, one.alert) for one in incidents()] == before
