"""What the desk's pages show of an incident that monitoring opened: its state, links and parts."""

from datetime import timedelta

import pytest

from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import alert_settings, parts, storms
from tests.cast import ADA, ANA, MONDAY_9, after
from tests.factories import employ
from tests.integration.browser import Browser
from tests.integration.counting import counted
from tests.integration.monitoring import connect, incident, incidents, report, tick, told
from tests.integration.page_text import text_of
from tests.integration.test_pages_settings import HOSTILE

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def ana() -> Browser:
    employ(ADA, ANA)
    return Browser().sign_in(ANA)


def page_of(ana: Browser, ticket):
    return ana.get(f"/desk/tickets/{ticket.ticket_id}")


def test_a_ticket_shows_its_service_how_its_alert_stands_and_where_to_look(ana):
    rule = {"id": "all", "name": "All", "service": "Web shop", "runbook": "https://wiki.example/r"}
    alert_settings.put_alert_rule(rule, ADA, MONDAY_9)
    notes = {"summary": "Disk", "runbook_url": "https://wiki.example/disk",
             "dashboard_url": "javascript:alert(1)"}  # fmt: skip
    found = connect()
    for _ in range(3):
        report(found, told("Disk", annotations=notes, generatorURL="http://prom.example/g"),
               groupKey="g", truncatedAlerts=15)  # fmt: skip
    page = page_of(ana, incident())
    text = text_of(page)
    assert "Service Web shop" in text
    assert "firing" in text
    assert "Told 3 times" in text
    assert "15 more of its group were not sent" in text
    assert text.count("Runbook") == 2
    assert 'href="https://wiki.example/r" rel="noopener noreferrer"' in page.text
    assert 'href="http://prom.example/g" rel="noopener noreferrer"' in page.text
    assert "javascript:" not in page.text


def test_an_alert_that_ended_flaps_or_is_not_heard_of_is_marked(ana):
    found = connect(flap_changes=3, stale_after=3600)
    report(found, told("Disk"))
    report(found, told("Disk", "resolved"))
    report(found, told("Disk", began=after(hours=2)), at=after(hours=2))
    tick(after(hours=4))
    ana.sign_in(ANA, after(hours=4))
    text = text_of(page_of(ana, incident()))
    assert "not heard of lately" in text
    assert "nothing was heard of it for 2 hours" in text
    assert "alert, not heard of lately" in text_of(ana.get("/desk?view=all"))


def test_flapping_is_said_once_and_marked(ana):
    found = connect(flap_changes=3)
    for minute in range(4):
        began = MONDAY_9 + timedelta(minutes=minute)
        status = "resolved" if minute % 2 else "firing"
        report(found, told("Disk", status, began=began if minute % 2 == 0 else MONDAY_9), at=began)
    text = text_of(page_of(ana, incident()))
    assert text.count("noted that it is flapping") <= 1
    assert "alert has ended: Disk is broken" in text


def storm(ana: Browser):
    """A parent, and its parts."""
    found = connect(storm_size=2)
    report(found, *[told(f"Disk{n}", labels={"service": "shop"}) for n in range(5)])
    all_of = incidents()
    parent = next(one for one in all_of if not one.parent)
    return found, parent, [one for one in all_of if one.parent]


def test_a_part_leads_to_its_parent_and_the_parent_to_what_still_fires(ana):
    found, parent, others = storm(ana)
    part = page_of(ana, others[0])
    assert f"Part of {parent.ticket_id}." in text_of(part)
    page = page_of(ana, parent)
    assert "made it the incident of a storm of service=shop" in text_of(page)
    assert "Parts that still fire 4" in text_of(page)
    assert all(f'href="/desk/tickets/{one.ticket_id}"' in page.text for one in others)
    assert f"part of {parent.ticket_id}" in text_of(ana.get("/desk?view=all"))
    report(found, *[told(f"Disk{n}", "resolved", labels={"service": "shop"}) for n in range(5)])
    assert "Parts that still fire 0" in text_of(page_of(ana, parent))


def test_the_firing_parts_are_found_in_three_calls_and_of_many_the_first(ana, monkeypatch):
    _, parent, others = storm(ana)
    with counted(monkeypatch) as calls:
        found = parts.firing(parent.ticket_id, ANA, 3)
    assert calls.total() <= 3
    assert len(found) == 3
    assert {one["ticket"] for one in found} <= {one.ticket_id for one in others}


def test_an_incident_that_was_folded_says_into_which(ana):
    found = connect(storm_size=2)
    for number in range(4):
        report(found, told(f"Disk{number}", labels={"service": "shop"}), at=after(minutes=number))
    parent, second, *_ = incidents()
    entries = TimelineEntry.of(parent.ticket_id, None, None)
    entry = next(one for one in entries if one.kind == "storm_began")
    storms.fold(parent.ticket_id, entry.entry_id, after(minutes=5))
    assert f"made it part of {parent.ticket_id}" in text_of(page_of(ana, second))
    assert f"with {second.ticket_id}" in text_of(page_of(ana, parent))


def test_hostile_words_of_an_alert_are_shown_as_text(ana):
    notes = {"summary": HOSTILE, "runbook_url": f"https://wiki.example/{HOSTILE}"}
    report(connect(), told("Disk", annotations=notes, labels={"service": HOSTILE}))
    assert "<script>alert" not in page_of(ana, incident()).text
    assert "<script>alert" not in ana.get("/desk?view=all").text
