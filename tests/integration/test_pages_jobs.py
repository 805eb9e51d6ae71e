"""The settings pages of background work: how far it is, and what a what-if found."""

from datetime import timedelta

import pytest

from chalicelib.domain.policies import STANDARD
from chalicelib.services import conversations, jobs, sla_settings
from tests import aws
from tests.cast import ADA, ANA, LEA, MONDAY_9
from tests.factories import a_ticket, employ, kinds_of
from tests.integration.browser import Browser, Page
from tests.integration.fields import fields_of

pytestmark = pytest.mark.usefixtures("cloud")

POLICY = "/settings/sla-policies/standard"
SUBJECT = 'The till <script>alert("frozen")</script>'


@pytest.fixture
def lea() -> Browser:
    employ(ADA, LEA, ANA)
    return Browser().sign_in(LEA)


def tried(browser: Browser, path: str, **typed: str) -> Page:
    form = {**fields_of(browser.get(path), path), "do": "try", **typed}
    return browser.post(path, form)


def work() -> None:
    """All messages that lie in the queue of long work, and those that follow from them."""
    while messages := aws.queued("jobs"):
        for message in messages:
            jobs.work(message, MONDAY_9)


def answered_late() -> object:
    """A ticket of P3 that was answered after three hours, an hour before its deadline."""
    ticket = a_ticket(now=MONDAY_9 - timedelta(hours=4), subject=SUBJECT)
    conversations.reply(ticket.ticket_id, "Restart it.", ANA, MONDAY_9 - timedelta(hours=1))
    return ticket


def test_a_lead_tries_a_draft_and_sees_what_would_have_flipped(lea):
    ticket = answered_late()
    before = kinds_of(ticket)
    started = tried(lea, POLICY, P3_first_response="2h", days="30")
    page = lea.follow(started)
    assert "What if: policy “Standard”, the last 30 days" in page.text
    assert "Nothing is changed" in page.text
    work()
    text = " ".join(lea.get(started.headers["Location"]).text.split())
    assert f'href="/desk/tickets/{ticket.ticket_id}"' in text
    assert "1 of 1 ticket, 1 verdict would differ" in text
    assert '<span class="bd ok">met</span></td><td><span class="bd bad">missed</span>' in text
    assert "3h" in text and "2h" in text and "0 missed no more · 1 missed instead" in text
    assert "<script>alert" not in text
    assert sla_settings.policy("standard").version == 1
    assert kinds_of(ticket) == before


def test_a_draft_without_effect_says_so(lea):
    answered_late()
    started = tried(lea, POLICY)
    work()
    assert "No verdict would have been another one" in lea.get(started.headers["Location"]).text


def test_a_calendar_is_tried_with_the_public_holidays_of_its_country(lea):
    page = tried(lea, "/settings/calendars/new", id="lx", name="Lx", zone="Europe/Lisbon",
                 country="PT")  # fmt: skip
    assert page.status == 303
    job = jobs.find(page.headers["Location"].rpartition("/")[2])
    assert job.about["calendar"]["public_holidays"]["2026-12-08"] == "Immaculate Conception"
    assert "What if: calendar “Lx”" in lea.follow(page).text


@pytest.mark.parametrize(
    ("path", "typed", "field"),
    [
        (POLICY, {"days": "0"}, "days"),
        (POLICY, {"days": "a month"}, "days"),
        (POLICY, {"P1_resolution": "soon"}, "P1_resolution"),
        ("/settings/calendars/new", {"id": "lx", "name": "Lx", "zone": "Lx"}, "zone"),
        ("/settings/calendars/new", {"id": "", "name": "Lx", "zone": "Europe/Lisbon"}, "id"),
    ],
)
def test_a_draft_that_could_not_be_stored_is_not_tried(lea, path, typed, field):
    page = tried(lea, path, **typed)
    assert page.status == 422
    assert f'id="{field}-error"' in page.text
    assert jobs.latest() == []


def test_the_page_looks_again_while_the_work_runs_and_then_rests(lea):
    a_ticket()
    _, job = sla_settings.put_policy(STANDARD.to_data(), ADA, MONDAY_9)
    path = f"/settings/jobs/{job.job_id}"
    refresh = f'<meta http-equiv="refresh" content="2; url={path}">'
    page = lea.get(path)
    assert refresh in page.text
    assert "Begins in a moment" in page.text
    assert refresh not in lea.get(f"{path}?still=1").text
    work()
    page = lea.get(path)
    assert "http-equiv" not in page.text
    assert "1 of 1 ticket, 1 changed" in page.text
    assert "Measure open tickets anew: policy Standard" in lea.get("/settings/jobs").text


def test_a_job_that_looks_once_more_says_that_it_settles(lea):
    _, job = sla_settings.put_policy(STANDARD.to_data(), ADA, MONDAY_9)
    for message in aws.queued("jobs"):
        jobs.work(message, MONDAY_9)
    assert (
        "Settling: one more look in half a minute" in lea.get(f"/settings/jobs/{job.job_id}").text
    )


def test_work_whose_message_was_lost_is_sent_off_again(lea):
    _, job = sla_settings.put_policy(STANDARD.to_data(), ADA, MONDAY_9)
    assert aws.queued("jobs")  # taken out, and lost
    path = f"/settings/jobs/{job.job_id}"
    csrf = {"csrf": lea.get(path).forms[path]["csrf"]}
    assert lea.post(path, {**csrf, "do": "retire"}).status == 404
    page = lea.follow(lea.post(path, {**csrf, "do": "again"}))
    assert "sent off again" in page.text
    work()
    assert jobs.view(jobs.find(job.job_id))["state"] == "finished"


def test_nothing_to_do_says_what_would_begin_it(lea):
    assert "Nothing was to be done" in lea.get("/settings/jobs").text
