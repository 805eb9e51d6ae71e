"""One delivery or one alert that fails spoils no other."""

from dataclasses import replace

import pytest

from chalicelib.adapters.monitoring import source_of
from chalicelib.services import incidents as acting
from chalicelib.services import (
    tickets,
)
from chalicelib.services.alerts import receive
from tests import aws
from tests.cast import LEA, MONDAY_9, after
from tests.integration.alert_scenes import (
    record_of,
)
from tests.integration.monitoring import (
    body,
    connect,
    incident,
    incidents,
    log,
    post,
    report,
    told,
)

pytestmark = pytest.mark.usefixtures("cloud")


def test_one_alert_that_fails_does_not_keep_the_others_of_its_body(prometheus, monkeypatch):
    real = acting.act

    def fails_for_one(case):
        if case.alert.title.startswith("Fan"):
            raise RuntimeError("poison")
        return real(case)

    monkeypatch.setattr(acting, "act", fails_for_one)
    post(prometheus, body(*(told(name) for name in ("Fan", "Disk", "Lamp"))))
    receive(aws.queued("alerts"), MONDAY_9)
    assert len(incidents()) == 2


def test_one_member_of_a_group_that_fails_does_not_keep_the_others_from_ending(
    prometheus, monkeypatch
):
    for name in ("Disk", "Fan", "Lamp"):
        report(prometheus, told(name), groupKey="g", groupLabels={}, status="firing")
    real, poison = acting.act, []

    def fails_for_one(case):
        if case.alert.title == "It ended with its group":
            poison.append(case.alert_id)
            if case.alert_id == poison[0]:
                raise RuntimeError("poison")
        return real(case)

    monkeypatch.setattr(acting, "act", fails_for_one)
    ended = told("Other", "resolved")
    post(prometheus, body(ended, groupKey="g", status="resolved", truncatedAlerts=3))
    receive(aws.queued("alerts"), after(minutes=40))
    (message,) = aws.queued("alerts")
    for _ in range(3):
        assert receive([message], after(minutes=41)) == [0]
    assert sorted(one.status for one in incidents()) == ["new", "resolved", "resolved"]


def test_the_end_of_what_flaps_and_was_resolved_by_an_agent_is_taken():
    found = connect(storm_size=0, flap_changes=2)
    report(found, told("Disk"))
    report(found, told("Disk", "resolved"), at=after(minutes=1))
    report(found, told("Disk", began=after(hours=1)), at=after(minutes=2))
    ticket = incident()
    assert ticket.alert["flapping"]
    tickets.resolve(ticket.ticket_id, "Done.", None, LEA, after(minutes=3))
    post(found, body(told("Disk", "resolved", began=after(hours=1))))
    assert receive(aws.queued("alerts"), after(minutes=4)) == []
    assert record_of(ticket).firing is False


def test_a_source_that_fails_with_a_long_message_leaves_a_row(monkeypatch):
    found = connect("generic")

    def fails(delivery):
        raise ValueError("x" * 500_000)

    broken = replace(source_of("generic"), parse=fails)
    monkeypatch.setattr("chalicelib.services.delivery_reading.source_of", lambda name: broken)
    post(found, b"{}")
    assert receive(aws.queued("alerts"), MONDAY_9) == []
    assert [one.outcome for one in log(found)] == ["unreadable"]
