"""The audit as admins look at it: a table to filter, and a file that no spreadsheet runs."""

import csv
import io
from dataclasses import replace

import pytest

from chalicelib.handlers.pages import settings_audit
from chalicelib.services import desk_settings, origin
from tests.cast import ADA, ANA, LEA, MONDAY_9, after
from tests.factories import a_ticket, employ
from tests.integration import whole_desk
from tests.integration.browser import Browser

pytestmark = pytest.mark.usefixtures("cloud")
DAY = "from=2026-11-23&to=2026-11-23"


@pytest.fixture
def ada() -> Browser:
    employ(ADA, ANA, LEA)
    origin.note("192.0.2.7")
    desk_settings.put_team({"id": "shops", "name": "Shops"}, ADA, MONDAY_9)
    desk_settings.put_team({"id": "shops", "name": "=HYPERLINK(1)"}, ADA, after(minutes=1))
    return Browser().sign_in(ADA)


def test_a_change_is_shown_with_who_whence_before_and_after(ada):
    page = ada.get(f"/settings/audit?{DAY}&actor={ADA.id}").text
    assert "Team changed" in page and "192.0.2.7" in page
    assert "<del><bdi>Shops</bdi></del><ins><bdi>=HYPERLINK(1)</bdi></ins>" in page


def test_it_is_filtered_by_whom_and_paged(ada):
    assert "Team added" not in ada.get(f"/settings/audit?{DAY}&actor={ANA.id}").text
    for minute in range(60):
        data = {"id": "shops", "name": f"Shops {minute}"}
        desk_settings.put_team(data, ADA, after(minutes=2 + minute))
    first = ada.get(f"/settings/audit?{DAY}&actor={ADA.id}").text
    assert "Team added" not in first and "cursor=" in first
    following = first.partition("/settings/audit?from=2026-11-23&amp;to=2026-11-23&amp;actor=")[2]
    assert following
    cursor = first.partition("cursor=")[2].partition('"')[0]
    rest = ada.get(f"/settings/audit?{DAY}&actor={ADA.id}&cursor={cursor}").text
    assert "Team added" in rest


def test_a_ticket_is_linked(ada):
    ticket = a_ticket()
    whole_desk.run(after(minutes=1))
    page = ada.get(f"/settings/audit?{DAY}").text
    assert f'href="/desk/tickets/{ticket.ticket_id}"' in page


WRONG = ["from=gestern", "from=2020-01-01&to=2026-11-23", "to=9999-12-31", "to=0001-01-02"]


@pytest.mark.parametrize("asked", WRONG)
def test_days_that_are_none_or_too_many_are_said_so(ada, asked):
    page = ada.get(f"/settings/audit?{asked}")
    assert page.status == 422 and 'class="err"' in page.text


def test_the_file_holds_every_row_and_no_formula(ada):
    answer = ada.get(f"/settings/audit/audit.csv?{DAY}")
    assert answer.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [one["action"] for one in rows if one["about"] == "team/shops"] == [
        "team.changed",
        "team.added",
    ]
    assert not any(cell.startswith(("=", "+", "-", "@")) for one in rows for cell in one.values())
    assert ada.get("/settings/audit/other.csv").status == 404


def test_a_file_that_would_be_too_large_is_cut_and_says_so(ada, monkeypatch):
    few = replace(settings_audit.MOST, size=1_000)
    monkeypatch.setattr(settings_audit, "MOST", few)
    monkeypatch.setattr(settings_audit, "AT_ONCE", 2)
    for minute in range(9):
        desk_settings.put_team({"id": "shops", "name": f"S{minute}"}, ADA, after(minutes=minute))
    asked = f"/settings/audit/audit.csv?{DAY}"
    text = ada.get(asked).text
    assert text.splitlines()[-1] == few.said
    assert len(text) < 1_200
    monkeypatch.undo()
    assert few.said not in ada.get(asked).text
    monkeypatch.setattr(settings_audit, "AT_ONCE", 2)
    rows = list(csv.DictReader(io.StringIO(ada.get(asked).text)))
    assert len([one for one in rows if one["about"] == "team/shops"]) == 11


def test_leads_neither_see_it_nor_its_tab(ada):
    lea = Browser().sign_in(LEA)
    assert lea.get("/settings/audit").status == 403
    assert lea.get(f"/settings/audit/audit.csv?{DAY}").status == 403
    assert "/settings/audit" not in lea.get("/settings").text
