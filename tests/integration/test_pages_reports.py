"""The report of a month: figures, what is compared with the month before, and the file."""

import csv
import io

import pytest

from chalicelib.models.attainment import Attainment
from chalicelib.services import settings
from tests.cast import ADA, LEA
from tests.factories import employ
from tests.integration.browser import Browser

pytestmark = pytest.mark.usefixtures("cloud")

ROWS = (
    ("2026-11", "first_response#standard#1#P1", 941, 59),
    ("2026-11", "first_response#gold#2#P2", 10, 0),
    ("2026-11", "resolution#standard#1#P1", 8, 2),
    ("2026-11", "time_to_accept#standard#1#P1", 1, 3),
    ("2026-10", "first_response#standard#1#P1", 90, 10),
)


@pytest.fixture
def lea() -> Browser:
    employ(LEA, ADA)
    settings.put(settings.TIER, "1", {"name": "Front line"})
    for month, row_id, met, breached in ROWS:
        Attainment(month, row_id, met=met, breached=breached).save()
    return Browser().sign_in(LEA)


def words(browser: Browser, path: str) -> str:
    return " ".join(browser.get(path).text.split())


def test_this_month_is_shown_with_its_figures_and_how_they_moved(lea):
    text = words(lea, "/reports")
    assert "November 2026" in text and "so far" in text
    assert "94.1 %" in text and "951 met · 59 missed" in text
    assert "4.2 pt" in text  # 94.158 % after 90 %
    assert 'aria-label="Tier 1: 93.9 % met"' in text
    assert "Front line" in text
    assert 'aria-label="gold: 10 met · 0 missed"' in text
    assert "Of what requesters were promised: 94 % of 1020 kept" in text


def test_months_lead_to_their_neighbours_and_never_into_the_future(lea):
    this = words(lea, "/reports")
    assert "month=2026-10" in this and "month=2026-12" not in this
    before = words(lea, "/reports?month=2026-10")
    assert "October 2026" in before and "month=2026-11" in before and "90 %" in before
    for odd in ("2026-13", "2027-01", "nonsense", "%3Cscript%3E"):
        assert "November 2026" in words(lea, f"/reports?month={odd}")


def test_a_month_without_verdicts_says_so(lea):
    assert "No verdicts in March 2025" in words(lea, "/reports?month=2025-03")


def test_the_file_holds_each_count_of_the_month(lea):
    page = lea.get("/reports/attainment.csv?month=2026-11")
    assert page.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attainment-2026-11.csv" in page.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(page.text)))
    assert len(rows) == 4
    assert rows[0] == {"month": "2026-11", "target": "first_response", "policy": "gold",
                       "tier": "2", "priority": "P2", "met": "10", "breached": "0"}  # fmt: skip


def test_a_report_reads_two_months_and_little_else(lea, monkeypatch):
    from tests.integration.test_calls import counted

    lea.get("/reports")
    with counted(monkeypatch) as calls:
        lea.get("/reports")
    assert calls == {"GetItem": 2, "Query": 2}
