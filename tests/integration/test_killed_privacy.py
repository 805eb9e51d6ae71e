"""An erasure and an export, killed at whichever call: in the end all is as if nobody had died.

Messages stay in the queue until their work is done, as SQS has it.
"""

import io
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any

import pytest

from chalicelib.models.audit import AuditRow
from chalicelib.services import conversations, guests, jobs, privacy, settings, staff
from tests import aws
from tests.cast import ADA, ANA, ROSA, after
from tests.factories import a_ticket, employ, entries_of, now_of
from tests.integration.holdings import empty_buckets, holding
from tests.integration.killing import Killed, copy_of_all, cut_off, killed, put_back, unanswered
from tests.integration.lambdas import clock, work
from tests.integration.uploading import bucket, config

pytestmark = pytest.mark.usefixtures("cloud")

HOW = [killed, pytest.param(unanswered, marks=pytest.mark.exhaustive)]
LATER = after(days=1)


class Queue:
    """The jobs queue, with what a worker has in hand put back when it dies."""

    def __init__(self) -> None:
        self.held: list[dict[str, Any]] = []

    def work_off(self) -> None:
        from chalicelib.handlers.workers.jobs import run_jobs

        for _ in range(60):
            self.held += aws.queued("jobs")
            if not self.held:
                return
            failed = work(run_jobs, self.held[:1])["batchItemFailures"]
            message = self.held.pop(0)
            self.held += [message] if failed else []


def her_request() -> Any:
    employ(ROSA, ANA)
    ticket = a_ticket(description="A mulberry.")
    conversations.reply(ticket.ticket_id, "Which mulberry?", ANA, after(minutes=5))
    guests.follow_key(ticket, after(minutes=6))
    clock.use(lambda: LATER)
    return ticket


def each_death(how: Callable[..., object], check: Callable[[], None], every: int = 1) -> int:
    """Die at each call, or each of so many, then begin again and go to the end.

    Answers how many calls there are.

    Left unanswered at each that writes: of a read that is, nothing is left that could be doubled.
    """
    kept = copy_of_all()
    for call in count(1, every):
        put_back(kept)
        staff.forget(), settings.forget()
        queue = Queue()
        over = cut_off(queue.work_off, call, how, writes=how is unanswered)
        with suppress(Killed):
            queue.work_off()
        check()
        if over:
            return call
    raise AssertionError


@pytest.mark.parametrize("how", HOW)
def test_an_erasure_that_is_killed_is_done_in_the_end_and_once(how):
    ticket = her_request()
    job = privacy.erase(ROSA.email, ROSA.email, True, ADA, LATER)

    def check() -> None:
        assert jobs.find(job.job_id).finished_at
        assert holding("mulberry", ROSA.email, "Rosa") == []
        assert [one.kind for one in entries_of(ticket)] == ["opened", "reply", "erased"]
        assert now_of(ticket).requester_id.startswith("E-")
        rows = AuditRow.of_day(LATER.date(), None, None)
        ends = [one.after for one in rows if one.action == "person.erased"]
        assert ends == [{"requests": 1}]

    assert each_death(how, check, 2) > (40 if how is killed else 15)


@pytest.mark.parametrize("how", HOW)
def test_an_export_that_is_killed_is_whole_in_the_end(how):
    empty_buckets()
    ticket = her_request()
    job = privacy.export(ROSA.email, False, ADA, LATER)

    def check() -> None:
        assert jobs.find(job.job_id).finished_at
        where = f"exports/{job.job_id}/export.zip"
        got = bucket().get_object(Bucket=config.attachments_bucket, Key=where)
        with zipfile.ZipFile(io.BytesIO(got["Body"].read())) as archive:
            data = json.loads(archive.read("data.json"))
        assert [one["id"] for one in data["requests"]] == [ticket.ticket_id]
        assert [one["kind"] for one in data["requests"][0]["messages"]] == ["opened", "reply"]
        assert len(data["links"]) == 1
        empty_buckets()

    assert each_death(how, check) > (25 if how is killed else 4)
