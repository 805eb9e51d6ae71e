"""Deliveries that come late, twice, in the wrong order or at the same moment."""

import pytest

from chalicelib.services import incidents as acting
from chalicelib.services import repeats, tickets
from chalicelib.services.alerts import receive
from tests import aws
from tests.cast import LEA, MONDAY_9, after
from tests.integration.monitoring import (
    body,
    connect,
    incident,
    incidents,
    post,
    report,
    told,
    work_off,
)

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def prometheus():
    return connect()


def queued(found, *alerts) -> dict:
    """The message of a delivery that was taken and waits to be handled."""
    assert post(found, body(*alerts)).status == 202
    (message,) = aws.queued("alerts")
    return message


def test_a_resolve_that_overtakes_its_firing_leaves_no_open_incident(prometheus):
    report(prometheus, told("Disk", "resolved"))
    report(prometheus, told("Disk"))
    assert incidents() == []


def test_a_late_resolve_of_the_last_episode_does_not_close_the_next(prometheus):
    report(prometheus, told("Disk"))
    report(prometheus, told("Disk", began=after(hours=1)))
    report(prometheus, told("Disk", "resolved"))
    assert (incident().status, incident().alert["firing"]) == ("new", True)


def test_two_peers_tell_of_one_episode_a_moment_apart(prometheus):
    began = after(microseconds=3000)
    report(prometheus, told("Disk"))
    report(prometheus, told("Disk", began=began))
    report(prometheus, told("Disk", "resolved"), at=after(minutes=30))
    report(prometheus, told("Disk", began=began), at=after(minutes=31))
    assert (incident().status, incident().alert["count"]) == ("resolved", 2)


def test_a_tool_whose_clock_is_behind_opens_its_incident_again(prometheus):
    slow = after(minutes=-20)
    unknown_end = {**told("Disk", "resolved"), "endsAt": "0001-01-01T00:00:00Z"}
    report(prometheus, told("Disk", began=slow))
    report(prometheus, {**unknown_end, "startsAt": slow.isoformat()}, at=after(minutes=1))
    report(prometheus, told("Disk", began=after(minutes=-10)), at=after(minutes=10))
    assert (incident().status, incident().alert["firing"]) == ("open", True)


def test_the_identity_is_neither_severity_nor_text_nor_group(prometheus):
    report(prometheus, told("Disk"), groupKey="a")
    report(prometheus, told("Disk", labels={"severity": "info"}), groupKey="b")
    assert incident().alert["count"] == 2


@pytest.mark.parametrize(("order", "count"), [("before", 1), ("after", 2)])
def test_a_resolve_around_the_save_of_a_repeat_is_not_undone(prometheus, monkeypatch, order, count):
    report(prometheus, told("Disk"))
    resolved, repeat = (
        queued(prometheus, told("Disk", "resolved")),
        queued(prometheus, told("Disk")),
    )
    save = repeats.save_together

    def save_beside_the_resolve(*records, **more):
        monkeypatch.undo()
        steps = [lambda: receive([resolved], MONDAY_9), lambda: save(*records, **more)]
        for step in steps if order == "before" else reversed(steps):
            step()

    monkeypatch.setattr(repeats, "save_together", save_beside_the_resolve)
    assert receive([repeat], MONDAY_9) == []
    work_off()
    ticket = incident()
    assert (ticket.status, ticket.alert["firing"]) == ("resolved", False)
    assert ticket.alert["count"] == count


def test_one_alert_that_fails_does_not_keep_the_others(prometheus, monkeypatch):
    act = acting.act

    def fails_for_one(case):
        if case.alert.title.startswith("Fan"):
            raise RuntimeError("poison")
        return act(case)

    monkeypatch.setattr(acting, "act", fails_for_one)
    messages = [queued(prometheus, told(name)) for name in ("Disk", "Fan", "Lamp")]
    assert receive(messages, MONDAY_9) == [1]
    assert len(incidents()) == 2


def test_what_an_agent_resolved_is_opened_again_while_it_fires(prometheus):
    report(prometheus, told("Disk"))
    tickets.resolve(incident().ticket_id, "Done.", None, LEA, after(minutes=5))
    report(prometheus, told("Disk"), at=after(minutes=10))
    assert (incident().status, incident().alert["count"]) == ("open", 2)


def test_what_an_agent_cancelled_is_counted_and_stays_cancelled(prometheus):
    report(prometheus, told("Disk"))
    tickets.cancel(incident().ticket_id, "Not ours.", LEA, after(minutes=5))
    report(prometheus, told("Disk"), at=after(minutes=10))
    assert incident().status == "cancelled"
