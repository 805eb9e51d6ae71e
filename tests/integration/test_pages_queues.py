"""The queues at a glance, and the page of who is on call."""

import pytest

from chalicelib.domain.vocabulary import Level
from chalicelib.services import desk_settings, ownership, sla_settings
from chalicelib.web import queue_marks
from tests.cast import ADA, ANA, BEN, CHI, DEV, LEA, MONDAY_9, after
from tests.factories import a_ticket, employ
from tests.integration.browser import Browser
from tests.integration.counting import counted
from tests.integration.page_text import text_of
from tests.integration.whole_desk import run

pytestmark = pytest.mark.usefixtures("cloud")

WEEK = ("mon", "tue", "wed", "thu", "fri")
TOKYO = {
    "id": "osaka", "name": "Osaka office", "zone": "Asia/Tokyo",
    "weekly": {day: [["09:00", "18:00"]] for day in WEEK},
}  # fmt: skip
ROTATION = {
    "id": "web", "name": "Web <b>nights</b>", "tier": 2, "zone": "Europe/Berlin",
    "starts": "2026-11-02", "people": [CHI.id, LEA.id], "acknowledge_within": 600,
    "overrides": [{"person": CHI.id, "starts": "2026-11-23T08:00:00Z",
                   "ends": "2026-11-23T20:00:00Z"}],
}  # fmt: skip


@pytest.fixture
def lea() -> Browser:
    """Tier 1 is one of Tokyo, off shift since an hour ago, and one who is free."""
    sla_settings.put_calendar(TOKYO, ADA, MONDAY_9)
    employ(ANA, shift="osaka", load=2)
    employ(BEN, availability="busy", load=8)
    employ(CHI, DEV, LEA)
    return Browser().sign_in(LEA)


def test_each_tier_shows_what_waits_and_who_could_take_it(lea):
    a_ticket(now=after(hours=-2))
    page = text_of(lea.get("/desk/queues"))
    assert "Tier 1 · Tier 1 1 open" in page
    assert "Unassigned 1 · oldest waits 2h 00m" in page
    assert "Can take one nobody of 2" in page
    assert "Can take one 1 of 1" in page


def test_who_is_there_is_told_from_who_is_not_and_when_they_come_back(lea):
    page = text_of(lea.get("/desk/queues"))
    assert "At work now 1 BI Ben Ito busy at any hour 8/8" in page
    assert "Not at work 1 AC Ana Costa off shift · back Tue 00:00 2/8" in page
    assert "3 of 4; room for 16" in text_of(lea.get("/desk/queues"))


def test_what_nobody_can_take_stands_out_with_when_somebody_is_expected(lea):
    a_ticket()
    run(MONDAY_9)
    page = text_of(lea.get("/desk/queues"))
    assert "1 nobody can take since 09:00. Somebody is expected Tue 00:00." in page
    assert "Nobody can take 1" in page


def test_late_and_soon_are_told_apart(lea):
    late = a_ticket(now=after(hours=-9), impact=Level.HIGH, urgency=Level.HIGH)
    a_ticket()
    ownership.assign(late.ticket_id, BEN.id, LEA, MONDAY_9)
    page = text_of(lea.get("/desk/queues"))
    assert "1 in time 0 within 1 h 1 late" in page
    assert "Breached 1" in page


def test_it_refreshes_by_itself_only_where_somebody_asks_for_it(lea):
    assert 'http-equiv="refresh"' not in lea.get("/desk/queues").text
    live = lea.get("/desk/queues?live=1")
    assert '<meta http-equiv="refresh" content="30">' in live.text
    assert "Live · 30 s" in live.text


def test_leads_come_from_a_name_to_the_person_and_agents_do_not(lea):
    assert f'href="/settings/people/{BEN.id}"' in lea.get("/desk/queues").text
    assert "/settings/people" not in Browser().sign_in(CHI).get("/desk/queues").text


def test_a_long_list_of_people_is_cut_and_says_how_many_more(lea, monkeypatch):
    monkeypatch.setattr(queue_marks, "MOST_SHOWN", 1)
    employ(DEV, tiers=[1])
    page = text_of(lea.get("/desk/queues"))
    assert "At work now 2" in page
    assert "and 1 more" in page


def test_the_page_is_a_few_queries_however_many_people_there_are(lea, monkeypatch):
    lea.get("/desk/queues")  # settings are kept from here on
    from chalicelib.services import staff

    staff.forget()
    with counted(monkeypatch) as calls:
        lea.get("/desk/queues")
    # session, person; three tiers' lists, what waits in each, everybody who works here
    assert calls == {"GetItem": 2, "Query": 3 + 3 + 1}


def test_rotations_show_who_is_called_now_and_who_next(lea):
    desk_settings.put_rotation(ROTATION, ADA, MONDAY_9)
    page = lea.get("/desk/on-call")
    read = text_of(page)
    assert "Web &lt;b&gt;nights&lt;/b&gt; tier 2 CO Chi Okafor instead until 20:00" in read
    assert "Then Lea Moreau (you) from 20:00" in read
    assert "Calls for P1, P2, when nobody on shift can take it" in read
    assert "within 10 minutes" in read
    assert "No ticket calls you." in read
    assert "<b>nights</b>" not in page.text


def test_without_rotations_the_page_says_so(lea):
    assert "No rotations" in lea.get("/desk/on-call").text
