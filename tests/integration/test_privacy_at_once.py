"""Erasures that are asked for twice at once, and of more requests than one look finds."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import Conflict
from chalicelib.models.job import Job
from chalicelib.models.marker import WHILE_QUEUED, Marker
from chalicelib.services import jobs, privacy, tickets, under_way
from chalicelib.services.once import AlreadyDone, Once
from tests.cast import ADA, ANA, ROSA, after
from tests.factories import a_ticket, employ, now_of
from tests.integration.lambdas import work_off_jobs

pytestmark = pytest.mark.usefixtures("cloud")

NOON = after(hours=3)
MARK = f"privacy#{ROSA.id}"


def begun(now: Any = NOON, **more: Any) -> Job:
    return privacy.erase(ROSA.email, ROSA.email, True, ADA, now, **more)


def running(kind: str = "privacy_erasure") -> list[Job]:
    return [one for one in Job.all_of(kind) if one.finished_at is None]


@pytest.fixture
def seen_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes second looks once before the first has begun."""
    check, looks = privacy._check_idle, iter([True, True])

    def look(*about: Any) -> None:
        if not next(looks, False):
            check(*about)

    monkeypatch.setattr(privacy, "_check_idle", look)


@pytest.mark.usefixtures("seen_idle")
def test_of_two_that_begin_at_once_one_is_refused():
    a_ticket()
    begun()
    with pytest.raises(Conflict, match="under way"):
        begun()
    assert len(running()) == 1


@pytest.mark.usefixtures("seen_idle")
def test_an_export_does_not_begin_beside_an_erasure_either():
    a_ticket()
    begun()
    with pytest.raises(Conflict, match="under way"):
        privacy.export(ROSA.email, False, ADA, NOON)
    assert running("privacy_export") == []


def test_a_click_that_comes_twice_at_once_is_answered_by_the_job(monkeypatch):
    a_ticket()
    once = Once("erase ada k", NOON, "digest", lambda job: {"job": job.job_id})
    first = begun(once=once)
    begin = privacy.changing.begin
    looks = iter([None])  # the second looked for the first's answer before that was there
    monkeypatch.setattr(
        privacy.changing, "begin", lambda actor, key: begin(actor, next(looks, key))
    )
    with pytest.raises(AlreadyDone) as done:
        begun(once=once)
    assert done.value.answer == {"job": first.job_id}


def test_the_mark_goes_with_the_job_and_another_may_begin():
    a_ticket()
    begun()
    assert Marker.find(MARK)
    work_off_jobs(NOON)
    assert Marker.find(MARK) is None
    a_ticket(now=after(hours=4))
    assert begun(after(hours=5)).job_id
    work_off_jobs(after(hours=5))
    assert Marker.find(MARK) is None


def test_work_that_never_ends_keeps_nobody_from_beginning_anew_for_good():
    a_ticket()
    old = begun()
    later = NOON + WHILE_QUEUED + timedelta(minutes=1)
    new = begun(later)
    assert under_way.mark_of(old) is None
    assert under_way.mark_of(new)


def test_all_requests_are_looked_at_for_those_that_are_open_and_for_names(monkeypatch):
    monkeypatch.setattr(privacy, "AT_ONCE", 2)
    employ(ANA)
    old = a_ticket(replace(ROSA, name="Rosalind Berg"))
    for minute in range(1, 6):
        later = a_ticket(now=after(minutes=minute))
        tickets.cancel(later.ticket_id, "Twice.", ANA, after(minutes=minute))
    with pytest.raises(Conflict, match=f"Still open: {old.ticket_id}"):
        privacy.erase(ROSA.email, ROSA.email, False, ADA, NOON)
    tickets.cancel(old.ticket_id, "Over.", ANA, NOON)
    job = privacy.erase(ROSA.email, ROSA.email, False, ADA, NOON)
    assert job.about["_names"] == ["Rosa Lind", "Rosalind Berg", ROSA.email]
    work_off_jobs(NOON)
    assert jobs.find(job.job_id).finished_at
    assert now_of(old).requester_id.startswith("E-")
