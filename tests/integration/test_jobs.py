"""Long work travels through its queue page by page: nothing lost, little doubled."""

from dataclasses import replace

import pytest

from chalicelib.adapters import queues
from chalicelib.handlers.workers.jobs import run_jobs
from chalicelib.models.job import Job
from chalicelib.models.ticket import Ticket
from chalicelib.services import clocks, jobs, recompute, settings
from tests import aws
from tests.cast import MONDAY_9, after
from tests.factories import a_ticket, entries_of, now_of, put_policy
from tests.integration.lambdas import clock, sweep, work, work_off_jobs
from tests.integration.promises import HOUR, all_targets

pytestmark = pytest.mark.usefixtures("cloud")


def shown(job: Job) -> dict:
    return jobs.view(jobs.find(job.job_id))


def policies_of(found: list[Ticket]) -> set[str]:
    return {clocks.policy_of(now_of(ticket)).ref for ticket in found}


@pytest.fixture
def pages(monkeypatch) -> tuple[list[Ticket], Job]:
    """Seven tickets, two to a page, and a change of the policy that is under way."""
    monkeypatch.setattr(recompute, "PAGE", 2)
    found = [a_ticket(now=after(minutes=minute)) for minute in range(7)]
    _, job = put_policy(now=after(minutes=8), targets=all_targets(resolution=HOUR))
    return found, job


def is_done_once(found: list[Ticket], job: Job) -> bool:
    view = shown(job)
    assert policies_of(found) == {"standard@2"}
    assert [len(entries_of(ticket, "sla_changed")) for ticket in found] == [1] * 7
    return (view["state"], view["seen"], view["changed"]) == ("finished", 7, 7)


def test_pages_follow_each_other_until_a_turn_changes_nothing(pages):
    told = [(one["turn"]) for one in work_off_jobs(after(minutes=9)) if one["part"] == "tier1/0"]
    assert told == [1] * 4 + [2] * 4
    assert is_done_once(*pages)


def test_a_message_that_comes_twice_at_once_doubles_no_work(pages):
    clock.use(lambda: after(minutes=9))
    work(run_jobs, aws.queued("jobs") * 2)
    assert len(work_off_jobs(after(minutes=9))) < 30
    assert is_done_once(*pages)


def test_a_copy_that_comes_when_the_work_has_gone_on_sends_nothing(pages):
    first = [one for one in aws.queued("jobs") if one["part"] == "tier1/0"]
    work(run_jobs, first)
    second = aws.queued("jobs")
    work(run_jobs, second)
    assert len(aws.queued("jobs")) == 1
    work(run_jobs, first)
    assert aws.queued("jobs") == []


def test_copies_that_come_late_send_nothing(pages):
    told = work_off_jobs(after(minutes=9))
    work(run_jobs, told)
    assert aws.queued("jobs") == []
    assert is_done_once(*pages)


def test_two_workers_with_the_same_message_send_the_next_one_once(pages, monkeypatch):
    """The other has noted the page while this one was still at work on it."""
    message, *_ = [one for one in aws.queued("jobs") if one["part"] == "tier1/0"]
    page, begun = recompute.WORK.page, []

    def overtaken(*args):
        if not begun:
            begun.append(True)
            jobs.work(message, after(minutes=9))
        return page(*args)

    overtaken_work = replace(recompute.WORK, page=overtaken)
    monkeypatch.setitem(jobs.KINDS, "sla_recompute", overtaken_work)
    jobs.work(message, after(minutes=9))
    assert len(aws.queued("jobs")) == 1


def test_a_worker_that_dies_between_save_and_send_breaks_no_chain(pages, monkeypatch):
    send, deaths = jobs._send, iter([True, False] * 50)

    def dies_every_other_time(*args):
        if next(deaths, False):
            raise RuntimeError("out of time")
        send(*args)

    monkeypatch.setattr(jobs, "_send", dies_every_other_time)
    again: list = []
    while told := aws.queued("jobs") + again:  # what fails comes back, as SQS does it
        failed = work(run_jobs, told)["batchItemFailures"]
        again = [told[int(one["itemIdentifier"])] for one in failed]
    assert is_done_once(*pages)


def test_progress_can_be_watched(pages):
    _, job = pages
    told = [one for one in aws.queued("jobs") if one["part"].startswith("tier1/")]
    work(run_jobs, told)
    view = shown(job)
    assert (view["state"], view["seen"], view["changed"], view["total"]) == ("running", 2, 2, 7)
    assert view["checking"] is False
    assert [one.job_id for one in jobs.latest()] == [job.job_id]


def test_the_next_turn_waits_until_no_process_can_know_the_old_rules(monkeypatch):
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(
        queues, "send_one",
        lambda queue, message, delay_seconds: sent.append((message["turn"], delay_seconds)),
    )  # fmt: skip
    _, job = put_policy(targets=all_targets(resolution=HOUR))
    assert set(sent) == {(1, 0)}
    jobs.work({"job_id": job.job_id, "part": "tier1/0", "cursor": None, "turn": 1}, MONDAY_9)
    turn, delay = sent[-1]
    assert turn == 2
    assert delay > settings.KEPT_FOR_SECONDS


def test_a_job_that_is_not_there_fails_its_message_and_no_other():
    ticket = a_ticket()
    put_policy(targets=all_targets(resolution=HOUR))
    gone = {"job_id": "J-GONE", "part": "tier1/0", "cursor": None, "turn": 1}
    told = [gone, *aws.queued("jobs")]
    assert work(run_jobs, told)["batchItemFailures"] == [{"itemIdentifier": "0"}]
    assert policies_of([ticket]) == {"standard@2"}


def test_a_message_that_was_lost_is_sent_again_by_the_tick_and_work_under_way_is_left_alone(pages):
    _, job = pages
    clock.use(lambda: after(minutes=9))
    work(run_jobs, aws.queued("jobs"))
    assert aws.queued("jobs")  # and lost
    sweep(after(minutes=10))
    assert aws.queued("jobs") == []  # it moved a moment ago
    sweep(after(minutes=20))
    assert {one["part"] for one in aws.queued("jobs")} == {
        name for name, part in jobs.find(job.job_id).parts.items() if not part["done"]
    }
    jobs.resume_stalled(after(minutes=20))
    work_off_jobs(after(minutes=21))
    assert is_done_once(*pages)
    sweep(after(minutes=40))
    assert aws.queued("jobs") == []
