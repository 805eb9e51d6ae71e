"""A change of the rules reaches every open ticket, page by page, through the jobs queue."""

import pytest

from chalicelib.domain import sla
from chalicelib.domain.vocabulary import HoldReason
from chalicelib.handlers.workers.jobs import run_jobs
from chalicelib.models.job import Job
from chalicelib.models.ticket import Ticket
from chalicelib.services import (
    clocks,
    escalations,
    intake,
    jobs,
    recompute,
    settings,
    sla_settings,
    tickets,
)
from tests import aws
from tests.cast import ADA, ANA, MONDAY_9, ROSA, after
from tests.factories import a_draft, a_policy, a_ticket, clock_of, now_of, put_policy
from tests.integration.lambdas import work, work_off_jobs
from tests.integration.promises import (
    FIRST,
    HOUR,
    OFFICE,
    RESOLUTION,
    all_targets,
    breached,
    due,
    resolved,
    urgent,
)

pytestmark = pytest.mark.usefixtures("cloud")


def shown(job: Job) -> dict:
    return jobs.view(jobs.find(job.job_id))


def policies_of(found: list[Ticket]) -> set[str]:
    return {clocks.policy_of(now_of(ticket)).ref for ticket in found}


def test_every_open_ticket_is_measured_by_the_new_version_whatever_its_tier_and_status():
    found = [a_ticket() for _ in range(4)]
    escalations.escalate(found[1].ticket_id, "Up", "", None, ANA, MONDAY_9)
    tickets.hold(found[2].ticket_id, HoldReason.REQUESTER, None, ANA, MONDAY_9)
    _, job = put_policy(targets=all_targets(resolution=HOUR))
    assert policies_of(found) == {"standard@1"}
    work_off_jobs(after(minutes=1))
    assert policies_of(found) == {"standard@2"}
    assert due(found[0], RESOLUTION) == after(hours=1)
    assert due(found[2], RESOLUTION) is None
    view = shown(job)
    assert (view["state"], view["seen"], view["changed"], view["total"]) == ("finished", 4, 4, 4)
    assert view["about"] == {"why": "policy Standard"}


def test_paused_time_is_lost_by_no_ticket_and_what_ran_is_kept():
    ticket = a_ticket()
    tickets.hold(ticket.ticket_id, HoldReason.THIRD_PARTY, None, ANA, after(hours=1))
    tickets.resume(ticket.ticket_id, ANA, after(hours=3))
    put_policy(targets=all_targets(resolution=4 * HOUR))
    work_off_jobs(after(hours=4))
    assert due(ticket, RESOLUTION) == after(hours=6)
    assert sla.used_seconds(clock_of(ticket, RESOLUTION), after(hours=4)) == 2 * HOUR


def test_finished_tickets_are_left_alone():
    ticket = a_ticket()
    resolved(ticket, minutes=5)
    before = now_of(ticket).version
    put_policy(targets=all_targets(resolution=HOUR))
    work_off_jobs(MONDAY_9)
    assert not recompute.recompute(ticket.ticket_id, "solved meanwhile", MONDAY_9)
    assert (now_of(ticket).version, policies_of([ticket])) == (before, {"standard@1"})


def test_a_ticket_opened_meanwhile_by_a_process_that_knows_the_old_rules_is_caught(monkeypatch):
    """The second turn comes when no process can know the old rules any more."""
    a_ticket()
    _, job = put_policy(targets=all_targets(resolution=HOUR))
    first_turn = aws.queued("jobs")
    work(run_jobs, first_turn)
    with monkeypatch.context() as patch:
        patch.setattr(settings, "policies", lambda: [settings.STANDARD])
        late = intake.open_ticket(a_draft(), ROSA, MONDAY_9).ticket
    assert policies_of([late]) == {"standard@1"}
    work_off_jobs(MONDAY_9)
    assert policies_of([late]) == {"standard@2"}
    assert shown(job)["state"] == "finished"


def test_a_calendar_that_no_policy_uses_changes_no_ticket():
    ticket = a_ticket()
    before = now_of(ticket).version
    _, job = sla_settings.put_calendar(OFFICE, ADA, MONDAY_9)
    work_off_jobs(MONDAY_9)
    assert now_of(ticket).version == before
    assert (shown(job)["seen"], shown(job)["changed"]) == (1, 0)


def test_a_changed_calendar_moves_deadlines_from_then_on():
    sla_settings.put_calendar(OFFICE, ADA, MONDAY_9)
    put_policy(calendar="office", targets=all_targets(resolution=16 * HOUR))
    work_off_jobs(MONDAY_9)
    ticket = a_ticket()
    assert due(ticket, RESOLUTION) == after(days=1, hours=8)
    _, job = sla_settings.put_calendar({**OFFICE, "holidays": ["2026-11-24"]}, ADA, after(hours=1))
    work_off_jobs(after(hours=1))
    assert due(ticket, RESOLUTION) == after(days=2, hours=8)
    assert shown(job)["about"] == {"why": "calendar Office"}


def test_a_branch_a_deleted_branch_and_the_order_of_policies_reach_open_tickets_too():
    sla_settings.put_calendar(OFFICE, ADA, MONDAY_9)
    put_policy(calendar="branch", targets=all_targets(resolution=9 * HOUR))
    for name in ("slow", "fast"):
        sla_settings.put_policy(
            a_policy(id=name, name=name, conditions={"tag": ["vip"]}, calendar="branch"),
            ADA, MONDAY_9,
        )  # fmt: skip
    ticket, vip = a_ticket(branch="Lyon"), a_ticket(tags=["vip"])
    assert policies_of([vip]) == {"fast@1"}  # by name, while nobody gave an order
    sla_settings.put_branch({"id": "lyon", "name": "Lyon", "calendar": "office"}, ADA, MONDAY_9)
    work_off_jobs(MONDAY_9)
    assert due(ticket, RESOLUTION) == after(days=1, hours=1)
    sla_settings.order_policies(["slow", "fast"], ADA, MONDAY_9)
    work_off_jobs(MONDAY_9)
    assert policies_of([vip]) == {"slow@1"}
    sla_settings.delete_branch("lyon", ADA, MONDAY_9)
    work_off_jobs(after(hours=1))
    assert due(ticket, RESOLUTION) == after(hours=9)


def test_a_retired_policy_hands_its_tickets_to_the_next_that_matches():
    sla_settings.put_policy(
        a_policy(id="vip", name="VIP", conditions={"tag": ["vip"]}), ADA, MONDAY_9
    )
    work_off_jobs(MONDAY_9)
    ticket = a_ticket(tags=["vip"])
    _, job = sla_settings.retire_policy("vip", ADA, after(hours=1))
    work_off_jobs(after(hours=1))
    assert policies_of([ticket]) == {"standard@1"}
    assert shown(job)["changed"] == 1


def test_what_was_late_is_told_before_the_new_rules_could_hide_it():
    ticket = urgent()
    put_policy(targets=all_targets(first_response=9 * HOUR, resolution=99 * HOUR))
    work_off_jobs(after(minutes=16))
    assert breached(ticket) == ["first_response", "time_to_accept"]
    assert sla.state(clock_of(ticket, FIRST)) == "breached"
