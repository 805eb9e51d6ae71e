"""Faults that were found in the alert core: each of these once ended wrongly."""

import json
from dataclasses import replace
from itertools import count

import pytest

from chalicelib.adapters.monitoring import source_of
from chalicelib.domain.alerts import Alert, Signal
from chalicelib.domain.maintenance import Window
from chalicelib.domain.vocabulary import HoldReason
from chalicelib.models.alert import AlertRecord
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import (
    alert_watch,
    deliveries,
    escalations,
    hooks,
    parts,
    settings,
    tickets,
    worklist,
)
from chalicelib.services import incidents as acting
from chalicelib.services.alerts import receive
from chalicelib.services.cases import Case
from tests import aws
from tests.cast import LEA, MONDAY_9, after
from tests.factories import employ_everyone
from tests.integration import whole_desk
from tests.integration.api import Api
from tests.integration.monitoring import (
    body,
    change,
    connect,
    incident,
    incidents,
    log,
    post,
    report,
    send,
    tick,
    told,
    work_off,
)

pytestmark = pytest.mark.usefixtures("cloud")
SHOP = {"service": "shop", "severity": "warning"}
NUMBERS = count()


@pytest.fixture
def prometheus():
    return connect(storm_size=0)


@pytest.fixture
def stormy():
    return connect(storm_size=3, storm_within=300)


def shop(name: str, status: str = "firing", severity: str = "warning", **fields) -> dict:
    return told(name, status, labels={"service": "shop", "severity": severity}, **fields)


def act(found, signal=Signal.FIRING, minutes: float = 0, **fields) -> tuple:
    """One alert of a source that says no more than it does here."""
    plain = {"identity": "disk", "title": "Disk", "text": "Full.", "severity": "warning"}
    alert = Alert(signal=signal, **{**plain, **fields})
    return acting.act(Case(found, alert, f"delivery{next(NUMBERS)}", after(minutes=minutes)))


def storm(found, size: int = 5, **labels) -> tuple[Ticket, list[Ticket]]:
    """The first of so many becomes the parent; ten seconds apart."""
    for n in range(size):
        at = after(seconds=10 * n)
        report(found, told(f"Disk{n}", began=at, labels={**SHOP, **labels}), at=at)
    relay_storm(after(minutes=2))
    return parent_and_parts()


def parent_and_parts() -> tuple[Ticket, list[Ticket]]:
    found = incidents()
    (parent,) = [one for one in found if one.subject == "Disk0 is broken"]
    return parent, [one for one in found if one.parent == parent.ticket_id]


def disk(n: int, status: str = "firing", began=None, **labels) -> dict:
    began = began or after(seconds=10 * n)
    return told(f"Disk{n}", status, began=began, labels={**SHOP, **labels})


def relay_storm(now) -> None:
    """What the relay tells the alerts queue of a storm."""
    told_of = [
        {"ticket_id": one.ticket_id, "entry_id": one.entry_id, "kind": one.kind}
        for one in TimelineEntry.scan()
        if one.kind == "storm_began"
    ]
    assert receive(told_of, now) == []
    work_off()


def put_window(minutes: int = 60, **changes) -> None:
    window = Window("w1", "Patch day", "2026-11-23T09:00", minutes, **changes)
    settings.put(settings.WINDOW, window.id, window.to_data())


def statuses() -> dict[str, str]:
    return {one.subject: one.status for one in incidents()}


def record_of(ticket: Ticket) -> AlertRecord:
    return AlertRecord.get(ticket.alert["id"])


# -- one delivery that spoils a batch, or the rest of its own alerts


def test_an_identity_twice_in_a_body_does_not_spoil_the_batch(prometheus):
    report(prometheus, told("Disk"))
    post(prometheus, body(told("Disk"), told("Disk")))
    post(prometheus, body(told("Fan")))
    assert receive(aws.queued("alerts"), after(minutes=1)) == []
    assert len(incidents()) == 2


def test_the_same_message_of_a_tool_twice_in_a_batch_does_not_spoil_it():
    events = connect("cloudevents")
    example = source_of("cloudevents").examples[0].delivery
    send(events, example.body, Content_Type="application/cloudevents+json")
    again = json.dumps({**json.loads(example.body), "id": "b7"}).encode()
    for _ in range(3):
        assert post(events, again, Content_Type="application/cloudevents+json").status == 202
    assert receive(aws.queued("alerts"), after(minutes=1)) == []
    assert incident().alert["count"] == 2


def test_the_end_of_a_problem_in_the_same_body_as_its_beginning_counts():
    found = connect("generic")
    alerts = [{"id": "disk", "title": "Disk", "status": word} for word in ("firing", "resolved")]
    send(found, json.dumps({"alerts": alerts}).encode())
    assert [one.status for one in incidents()] == ["resolved"]


def test_a_nagios_that_flaps_no_more_and_is_well_ends_its_incident():
    nagios = connect("nagios")
    examples = {one.name: one.delivery for one in nagios_examples()}
    send(nagios, unnumbered(examples["a full disk"].body, "d1"))
    flaps = {**json.loads(examples["a full disk"].body), "NOTIFICATIONTYPE": "FLAPPINGSTART"}
    send(nagios, unnumbered(json.dumps(flaps).encode(), "d2"), after(minutes=1))
    steady = examples["it flaps no more, and is well"].body
    send(nagios, unnumbered(steady, "d3"), after(minutes=5))
    assert incident().status == "resolved"


def nagios_examples():
    return source_of("nagios").examples


def unnumbered(sent: bytes, delivery_id: str) -> bytes:
    return json.dumps({**json.loads(sent), "delivery_id": delivery_id}).encode()


def test_an_id_of_a_message_that_is_too_long_for_a_key_does_not_spoil_the_batch():
    events = connect("cloudevents")
    example = source_of("cloudevents").examples[0].delivery
    send(events, example.body, Content_Type="application/cloudevents+json")
    long = json.dumps({**json.loads(example.body), "id": "b" * 3000}).encode()
    post(events, long, Content_Type="application/cloudevents+json")
    other = {**json.loads(example.body), "id": "c", "subject": "room-3"}
    post(events, json.dumps(other).encode(), Content_Type="application/cloudevents+json")
    assert receive(aws.queued("alerts"), after(minutes=1)) == []
    assert len(incidents()) == 2


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


# -- lost or kept for ever


def test_a_resolve_of_the_next_problem_counts_where_the_last_one_was_lost():
    """Nagios never tries again: the recovery of 17 was lost, 18 began and ended."""
    found = connect("nagios")
    act(found, episode="17")
    act(found, episode="18", minutes=10)
    act(found, Signal.RESOLVED, episode="18", minutes=20)
    assert incident().status == "resolved"


def test_a_problem_that_ends_in_the_second_of_its_start_ends(prometheus):
    report(prometheus, told("Disk"))
    over = {**told("Disk", "resolved"), "endsAt": MONDAY_9.isoformat()}
    report(prometheus, over, at=after(minutes=1))
    assert incident().status == "resolved"


def test_a_resolve_that_overtakes_a_firing_that_waits_for_room_leaves_nothing_open():
    found = connect("generic", incidents_per_minute=1)
    send(found, b'{"id": "a", "title": "A", "status": "firing"}')
    post(found, b'{"id": "b", "title": "B", "status": "firing"}')
    assert receive(aws.queued("alerts"), after(seconds=5)) == []
    waiting = aws.queued("alerts")
    assert len(waiting) == 1
    post(found, b'{"id": "b", "title": "B", "status": "resolved"}')
    assert receive(aws.queued("alerts"), after(seconds=10)) == []
    assert receive(waiting, after(minutes=2)) == []
    assert statuses() == {"A": "new"}


def test_the_end_of_a_group_ends_what_was_told_under_another_key_before(prometheus):
    report(prometheus, told("Disk"), groupKey="old", status="firing")
    report(prometheus, told("Disk"), at=after(minutes=1), groupKey="new", status="firing")
    report(prometheus, told("Fan", "resolved"), at=after(minutes=40), groupKey="new",
           status="resolved", truncatedAlerts=1)  # fmt: skip
    assert incident().status == "resolved"


def test_the_end_of_a_group_that_comes_late_does_not_end_what_began_since(prometheus):
    """A slow answer makes the tool send it twice; the second one waited in the queue."""
    report(prometheus, told("Disk"), groupKey="g", status="firing")
    ended = body(told("Fan", "resolved"), groupKey="g", status="resolved", truncatedAlerts=1)
    for _ in range(2):
        post(prometheus, ended)
    first, second = aws.queued("alerts")
    assert receive([first], after(minutes=31)) == []
    work_off()
    assert incident().status == "resolved"
    again = told("Disk", began=after(minutes=40))
    report(prometheus, again, at=after(minutes=40), groupKey="g", status="firing")
    assert incident().status == "open"
    assert receive([second], after(minutes=41)) == []
    work_off()
    assert incident().status == "open"


def test_the_group_of_what_waits_for_room_ends_with_it():
    found = connect(storm_size=0, incidents_per_minute=1)
    report(found, told("Fan"), groupKey="g", status="firing")
    post(found, body(told("Disk"), groupKey="g", status="firing"))
    assert receive(aws.queued("alerts"), after(seconds=5)) == []
    waiting = aws.queued("alerts")
    report(found, told("Fan", "resolved"), at=after(seconds=20), groupKey="g",
           status="resolved", truncatedAlerts=1)  # fmt: skip
    assert receive(waiting, after(minutes=2)) == []
    assert statuses() == {"Fan is broken": "resolved"}


def test_an_end_in_the_tools_words_of_a_held_alert_is_not_forgotten_by_a_note():
    """Steady again, in a window, for an identity that had an incident before."""
    found = connect("icinga", storm_size=0)
    act(found, minutes=-60)
    act(found, Signal.RESOLVED, minutes=-30)
    put_window()
    act(found, minutes=5)
    act(found, Signal.STEADY, minutes=10)
    tick(after(minutes=60))
    assert incident().status == "open"


# -- looks that never end


def test_what_an_agent_resolved_is_not_looked_at_for_ever(prometheus):
    found = change(prometheus, stale_after=3600)
    report(found, told("Disk"))
    tickets.resolve(incident().ticket_id, "Done.", None, LEA, after(minutes=5))
    looked = []
    for hours in (2, 3, 4, 48):
        looked.append(alert_watch.look_at_all(after(hours=hours)))
    assert looked[-1] == 0


def test_parts_that_are_never_told_to_have_ended_are_not_looked_at_for_ever():
    parent, _ = storm(connect(storm_size=3, stale_after=30 * 24 * 3600))
    tickets.resolve(parent.ticket_id, "Switched over.", None, LEA, after(minutes=3))
    for minutes in range(4, 10):
        tick(after(minutes=minutes))
    tick(after(days=6))
    assert alert_watch.look_at_all(after(days=20)) == 0


def test_a_flapping_alert_in_maintenance_is_not_looked_at_each_minute():
    found = connect(storm_size=0, flap_changes=2, flap_within=600)
    report(found, told("Disk"), at=after(minutes=-3))
    report(found, told("Disk", "resolved"), at=after(minutes=-2))
    report(found, told("Disk", began=after(hours=1)), at=after(minutes=-1))
    report(found, told("Disk", "resolved", began=after(hours=1)), at=after(seconds=-30))
    put_window(300)
    report(found, told("Disk", began=after(hours=2)), at=after(minutes=1))
    looked = [alert_watch.look_at_all(after(minutes=m)) for m in range(20, 30)]
    assert sum(looked) <= 1


def test_what_waits_for_room_does_not_keep_others_from_being_looked_at(monkeypatch):
    monkeypatch.setattr(alert_watch, "AT_ONCE", 20)
    monkeypatch.setattr(alert_watch, "IN_A_SHARD", 7)
    quiet = connect("generic", id="quiet", on_resolve="quiet", quiet_for=3500, storm_size=0)
    small = connect(id="small", incidents_per_minute=1, storm_size=0)
    put_window(matchers=["integration=small"])
    for n in range(60):
        act(small, identity=f"disk{n}", minutes=1)
    for n in range(4):
        act(quiet, identity=f"fan{n}", title="Fan", minutes=2)
        act(quiet, Signal.RESOLVED, identity=f"fan{n}", title="Fan", minutes=3)
    for minutes in range(60, 68):
        tick(after(minutes=minutes))
    ended = [one.status for one in incidents() if one.subject == "Fan"]
    assert ended == ["resolved"] * 4


# -- severity


@pytest.mark.parametrize("policy", ["quiet", "resolve"])
def test_an_alert_that_comes_back_worse_raises_the_priority(policy):
    found = connect(storm_size=0, on_resolve=policy)
    report(found, shop("Disk"))
    assert incident().priority == "P3"
    report(found, shop("Disk", "resolved"), at=after(minutes=1))
    worse = shop("Disk", severity="critical", began=after(hours=1))
    report(found, worse, at=after(minutes=2))
    report(found, worse, at=after(minutes=3))
    assert incident().priority == "P1"


def test_a_held_alert_that_became_worse_opens_as_it_is_then(prometheus):
    put_window()
    report(prometheus, shop("Disk"), at=after(minutes=5))
    report(prometheus, shop("Disk", severity="critical"), at=after(minutes=10))
    tick(after(minutes=60))
    assert incident().priority == "P1"


def test_a_part_that_becomes_worse_makes_its_parent_worse(stormy):
    storm(stormy)
    report(stormy, disk(4, severity="critical"), at=after(minutes=3))
    parent, _ = parent_and_parts()
    assert parent.priority == "P1"


def test_an_urgent_incident_that_is_folded_makes_its_parent_as_urgent(stormy):
    for n in range(4):
        labels = {"severity": "critical"} if n == 1 else {}
        report(stormy, disk(n, **labels), at=after(seconds=10 * n))
    relay_storm(after(minutes=2))
    parent, children = parent_and_parts()
    assert len(children) == 3
    assert parent.priority == "P1"


# -- maintenance


def test_a_repeat_right_after_the_window_does_not_open_a_second_incident():
    found = connect(storm_size=0, on_resolve="note")
    early = after(minutes=-60)
    report(found, told("Disk", began=early), at=early)
    report(found, told("Disk", "resolved", began=early), at=after(minutes=-20))
    put_window()
    report(found, told("Disk", began=after(minutes=5)), at=after(minutes=5))
    report(found, told("Disk", began=after(minutes=5)), at=after(minutes=60, seconds=20))
    tick(after(minutes=61))
    assert len([one for one in incidents() if one.status in ("new", "open")]) == 1


def test_a_repeat_right_after_the_window_keeps_what_was_counted_in_it(prometheus):
    put_window()
    for minute in (5, 10, 15):
        report(prometheus, told("Disk"), at=after(minutes=minute))
    report(prometheus, told("Disk"), at=after(minutes=60, seconds=20))
    tick(after(minutes=61))
    assert incident().alert["count"] == 4


def test_what_was_counted_before_and_in_the_window_adds_up(prometheus):
    early = after(minutes=-60)
    for minute in (-60, -50):
        report(prometheus, told("Disk", began=early), at=after(minutes=minute))
    report(prometheus, told("Disk", "resolved", began=early), at=after(minutes=-20))
    put_window()
    for minute in (5, 10):
        report(prometheus, told("Disk", began=after(minutes=5)), at=after(minutes=minute))
    tick(after(minutes=60))
    assert (incident().status, incident().alert["count"]) == ("open", 4)


def test_a_new_incident_after_a_window_counts_all_that_was_held(prometheus):
    found = change(prometheus, reopen_within=0)
    early = after(minutes=-60)
    report(found, told("Disk", began=early), at=early)
    report(found, told("Disk", "resolved", began=early), at=after(minutes=-20))
    put_window()
    for minute in (5, 10, 15):
        report(found, told("Disk", began=after(minutes=5)), at=after(minutes=minute))
    tick(after(minutes=60))
    assert [one.alert["count"] for one in incidents()] == [1, 3]


@pytest.mark.parametrize("how", ["shortened", "deleted"])
def test_what_is_held_opens_when_its_window_ends_before_it_was_to(prometheus, how):
    put_window(300, matchers=["alertname=Disk"])
    report(prometheus, told("Disk"), at=after(minutes=5))
    if how == "shortened":
        put_window(30, version=2, matchers=["alertname=Disk"])
    else:
        put_window(300, version=2, matchers=["alertname=Nothing"])
    for minutes in (31, 36, 45):
        tick(after(minutes=minutes))
    assert len(incidents()) == 1


def test_what_was_counted_in_two_episodes_of_a_window_adds_up(prometheus):
    put_window()
    report(prometheus, told("Disk"), at=after(minutes=5))
    report(prometheus, told("Disk", "resolved"), at=after(minutes=31))
    report(prometheus, told("Disk", began=after(minutes=40)), at=after(minutes=40))
    tick(after(minutes=60))
    assert incident().alert["count"] == 2


# -- counts


def test_the_count_of_an_incident_that_is_followed_by_another_is_kept(prometheus):
    found = change(prometheus, reopen_within=0)
    for minute in range(4):
        report(found, told("Disk"), at=after(minutes=minute))
    tickets.resolve(incident().ticket_id, "Done.", None, LEA, after(minutes=5))
    report(found, told("Disk"), at=after(minutes=10))
    old, new = incidents()
    assert (old.alert["count"], new.alert["count"]) == (4, 1)
    assert old.alert["firing"] is False


def test_a_part_of_a_large_delivery_that_is_handled_again_is_counted_once_in_the_log(prometheus):
    post(prometheus, body(*(told(f"Disk{n}") for n in range(30))))
    (whole,) = aws.queued("alerts")
    assert receive([whole], MONDAY_9) == []
    slices = aws.queued("alerts")
    assert receive(slices, MONDAY_9) == []
    assert receive(slices, MONDAY_9) == []
    (row,) = log(prometheus)
    decisions = deliveries.view(row)["decisions"]
    assert decisions == {"alerts": 30, "open": 30}


# -- tests and replays


def test_a_test_counts_nothing_where_its_example_is_firing(prometheus):
    example = source_of("alertmanager").examples[0].delivery
    send(prometheus, example.body)
    before = [one.alert["count"] for one in incidents()]
    hooks.send_test(prometheus.id, LEA, after(minutes=1))
    work_off()
    assert [one.alert["count"] for one in incidents()] == before


# -- storms


def test_a_part_that_fires_again_after_its_storm_does_not_leave_its_parent_open(stormy):
    storm(stormy)
    for n in range(5):
        report(stormy, disk(n, "resolved"), at=after(minutes=40 + n))
    tick(after(minutes=46))
    tick(after(minutes=47))
    assert {one.status for one in incidents()} == {"resolved"}
    later = after(hours=2)
    report(stormy, disk(4, began=later), at=later)
    assert statuses()["Disk0 is broken"] == "open"
    report(stormy, disk(4, "resolved", began=later), at=after(hours=3))
    for minutes in (181, 182, 183):
        tick(after(minutes=minutes))
    assert {one.status for one in incidents()} == {"resolved"}


@pytest.mark.parametrize("size", [6, 8])
def test_whoever_resolves_the_parent_resolves_its_parts_however_many(stormy, monkeypatch, size):
    monkeypatch.setattr(parts, "AT_ONCE", 4)
    parent, children = storm(stormy, size)
    assert len(children) == size - 1
    tickets.resolve(parent.ticket_id, "Switched over.", None, LEA, after(minutes=3))
    for minutes in range(4, 10):
        tick(after(minutes=minutes))
    assert {one.status for one in incidents()} == {"resolved"}


def test_a_part_that_has_ended_is_resolved_with_its_parent_too():
    found = connect(storm_size=3, on_resolve="note")
    parent, _ = storm(found)
    report(found, disk(4, "resolved"), at=after(minutes=40))
    tickets.resolve(parent.ticket_id, "Switched over.", None, LEA, after(minutes=41))
    for minutes in (42, 43, 44):
        tick(after(minutes=minutes))
    assert {one.status for one in incidents()} == {"resolved"}


def test_a_part_that_fires_on_by_itself_is_not_resolved_with_its_old_parent(stormy):
    parent, _ = storm(stormy)
    tickets.cancel(parent.ticket_id, "A test.", LEA, after(minutes=3))
    tick(after(minutes=4))
    report(stormy, disk(4), at=after(minutes=5))
    for minutes in (6, 7):
        tick(after(minutes=minutes))
    part = next(one for one in incidents() if one.subject.startswith("Disk4"))
    assert (part.parent, part.status) == (None, "open")


def test_what_an_agent_cancelled_as_a_storm_does_not_call_once_for_each_part(stormy):
    parent, _ = storm(stormy)
    tickets.cancel(parent.ticket_id, "A test.", LEA, after(minutes=3))
    tick(after(minutes=4))
    for n in range(5):
        report(stormy, disk(n), at=after(minutes=5))
    alone = [one for one in incidents() if one.status in ("new", "open") and not one.parent]
    assert len(alone) <= 1


def test_a_parent_that_ends_in_the_body_that_makes_it_one_does_not_end_its_parts(stormy):
    for n in range(3):
        report(stormy, disk(n), at=after(seconds=10 * n))
    report(stormy, disk(3), disk(0, "resolved"), at=after(seconds=40))
    relay_storm(after(seconds=45))
    for minutes in (2, 3, 4):
        tick(after(minutes=minutes))
    still = {name: status for name, status in statuses().items() if "Disk0" not in name}
    assert "resolved" not in still.values()


def test_a_part_that_comes_back_in_its_quiet_time_is_somebodys():
    """Its parent has been resolved meanwhile."""
    found = connect(storm_size=3, on_resolve="quiet", quiet_for=300)
    storm(found)
    for n in range(4):
        report(found, disk(n, "resolved"), at=after(minutes=40))
    report(found, disk(4, "resolved"), at=after(minutes=44))
    tick(after(minutes=45))
    parent, _ = parent_and_parts()
    report(found, disk(4, began=after(minutes=46)), at=after(minutes=46))
    for minutes in (47, 48):
        tick(after(minutes=minutes))
    parent, _ = parent_and_parts()
    part = next(one for one in incidents() if one.subject.startswith("Disk4"))
    assert part.status in ("new", "open")
    assert parent.status in ("new", "open") or part.sla["clocks"]


def test_a_part_that_an_agent_escalates_runs_no_clocks(stormy):
    employ_everyone()
    _, children = storm(stormy)
    escalations.escalate(children[0].ticket_id, "Look.", "", None, LEA, after(minutes=3))
    part = Ticket.get(children[0].ticket_id)
    assert not part.sla["clocks"]


def test_a_part_that_an_agent_opens_again_is_somebodys(stormy):
    employ_everyone()
    storm(stormy)
    for n in range(5):
        report(stormy, disk(n, "resolved"), at=after(minutes=40))
    tick(after(minutes=41))
    _, children = parent_and_parts()
    tickets.reopen(children[0].ticket_id, LEA, after(minutes=50))
    whole_desk.run(after(minutes=51))
    tick(after(minutes=52))
    part = Ticket.get(children[0].ticket_id)
    of = Ticket.find(part.parent) if part.parent else None
    assert part.assignee_id or part.unstaffed_since or (of and of.status == "open")


def test_parts_do_not_wait_in_the_figures_of_a_queue(stormy):
    employ_everyone()
    storm(stormy, 6)
    whole_desk.run(after(minutes=2))
    assert worklist.counts(after(minutes=3))[0]["waiting"] == 0


def test_a_folded_incident_calls_nobody_any_more(stormy):
    """It was waiting for somebody, and had called who is on call."""
    report(stormy, disk(0))
    report(stormy, disk(1), at=after(seconds=10))
    whole_desk.run(after(seconds=15))
    called = Ticket.get(next(o.ticket_id for o in incidents() if o.subject.startswith("Disk1")))
    called.page = {"rotation": "r", "step": 0, "called": ["P-ANA"], "at": "2026-11-23T09:00:15Z",
                   "ack_by": "2026-11-23T09:15:15.000000Z"}  # fmt: skip
    called.save()
    for n in (2, 3):
        report(stormy, disk(n), at=after(seconds=10 * n))
    relay_storm(after(minutes=1))
    part = Ticket.get(called.ticket_id)
    assert part.parent
    assert (part.page, part.due_at) == (None, None)


def test_a_parent_that_waits_for_a_third_party_is_not_looked_at_in_vain(stormy):
    parent, _ = storm(stormy)
    tickets.hold(parent.ticket_id, HoldReason.THIRD_PARTY, None, LEA, after(minutes=3))
    for n in range(5):
        report(stormy, disk(n, "resolved"), at=after(minutes=40))
    tick(after(minutes=41))
    assert {one.status for one in incidents()} == {"resolved"}


def test_a_part_that_is_placed_while_its_parent_is_resolved_is_not_orphaned(stormy, monkeypatch):
    from chalicelib.services import storms

    storm(stormy)
    for n in range(1, 5):
        report(stormy, disk(n, "resolved"), at=after(minutes=4))
    report(stormy, disk(9), at=after(minutes=4))
    report(stormy, disk(9, "resolved"), at=after(minutes=4, seconds=10))
    real = storms.place

    def place_beside_the_end(case, ticket, record):
        placed = real(case, ticket, record)
        monkeypatch.undo()
        report(stormy, disk(0, "resolved"), at=after(minutes=5))
        tick(after(minutes=6))
        return placed

    monkeypatch.setattr(storms, "place", place_beside_the_end)
    report(stormy, disk(7, began=after(minutes=5)), at=after(minutes=5))
    for minutes in (7, 8):
        tick(after(minutes=minutes))
    new = next(one for one in incidents() if one.subject.startswith("Disk7"))
    of = Ticket.find(new.parent) if new.parent else None
    assert new.status in ("new", "open")
    assert of is None or of.status in ("new", "open")


# -- the door


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


def test_a_long_alert_of_smileys_can_be_held(prometheus):
    put_window()
    face = "\N{GRINNING FACE}"
    labels = {f"{face * 140}{n}": face * 300 for n in range(50)}
    told_of = told("Disk", labels=labels)
    told_of["annotations"] = {"summary": "Disk", "description": face * 10_000}
    report(prometheus, told_of, at=after(minutes=5))
    assert len(list(AlertRecord.scan())) == 1
    tick(after(minutes=60))
    assert len(incidents()) == 1
