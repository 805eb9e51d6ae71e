"""What a draft would have changed: stored clocks measured anew, and nothing touched."""

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.vocabulary import HoldReason
from chalicelib.models.setting import Setting
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import deadlines, jobs, sla_settings, tickets, what_if
from tests import aws
from tests.cast import ADA, ANA, LEA, MONDAY_9, after
from tests.factories import a_policy, a_ticket, put_policy
from tests.integration.drafts import flips, with_targets
from tests.integration.lambdas import sweep, work_off_jobs
from tests.integration.promises import (
    HOUR,
    OFFICE,
    RESOLUTION,
    all_targets,
    answered,
    asked_again,
    at,
    resolved,
    urgent,
)

pytestmark = pytest.mark.usefixtures("cloud")


def test_a_shorter_target_would_have_missed_what_was_kept():
    kept, quick = a_ticket(), a_ticket()
    resolved(kept, hours=5)
    resolved(quick, hours=1)
    assert flips(with_targets(resolution=2 * HOUR)) == [
        (kept.ticket_id, "resolution", 1, "met", "breached"),
    ]  # fmt: skip
    assert flips(with_targets(resolution=5 * HOUR)) == []


def test_a_longer_target_would_have_kept_what_was_missed():
    ticket = urgent()
    resolved(ticket, hours=5)
    assert flips(with_targets(resolution=5 * HOUR)) == [
        (ticket.ticket_id, "resolution", 1, "breached", "met"),
    ]  # fmt: skip


def test_what_is_open_is_measured_as_far_as_it_ran():
    ticket, late = a_ticket(), urgent()
    for one in (ticket, late):
        answered(one, minutes=1)
    sweep(after(hours=5))
    draft = with_targets(resolution=10 * HOUR)
    assert flips(draft, now=after(hours=9)) == [
        (late.ticket_id, "resolution", 1, "breached", "open"),
    ]  # fmt: skip
    assert (ticket.ticket_id, "resolution", 1, "open", "breached") in flips(
        draft, now=after(hours=10, seconds=1)
    )


def test_paused_time_does_not_count_under_the_draft_either():
    ticket = a_ticket()
    tickets.hold(ticket.ticket_id, HoldReason.REQUESTER, None, ANA, after(hours=1))
    asked_again(ticket, hours=20)
    resolved(ticket, hours=20.5)
    assert flips(with_targets(resolution=90 * 60)) == []
    assert len(flips(with_targets(resolution=90 * 60 - 1))) == 1


def test_a_draft_of_a_calendar_measures_by_its_hours():
    sla_settings.put_calendar(OFFICE, ADA, MONDAY_9)
    put_policy(calendar="office", targets=all_targets(resolution=9 * HOUR))
    ticket = a_ticket()
    resolved(ticket, days=1, hours=0.5)  # after eight and a half hours of work
    longer = {**OFFICE, "weekly": {"mon": [["09:00", "20:00"]], "tue": [["09:00", "20:00"]]}}
    assert flips(calendar=longer) == [(ticket.ticket_id, "resolution", 1, "met", "breached")]
    assert flips(calendar={**OFFICE, "id": "other", "name": "Other"}) == []


def test_a_draft_of_a_branchs_calendar_concerns_its_tickets_only():
    sla_settings.put_calendar(OFFICE, ADA, MONDAY_9)
    sla_settings.put_branch({"id": "b", "name": "Lyon", "calendar": "office"}, ADA, MONDAY_9)
    put_policy(calendar="branch", targets=all_targets(resolution=9 * HOUR))
    here, elsewhere = a_ticket(branch="Lyon"), a_ticket()
    for ticket in (here, elsewhere):
        resolved(ticket, hours=12)
    always = {**OFFICE, "weekly": {"mon": [["00:00", "24:00"]]}}
    assert flips(calendar=always) == [(here.ticket_id, "resolution", 1, "met", "breached")]


def test_policy_and_calendar_may_be_drafted_together():
    ticket = a_ticket(now=at("2026-11-23 16:00"))
    resolved(ticket, days=1, hours=1)  # Tuesday at ten
    draft = {**with_targets(resolution=2 * HOUR), "calendar": "office"}
    assert flips(draft, OFFICE) == []
    assert len(flips({**draft, "calendar": "24x7"}, OFFICE)) == 1


def test_a_date_agreed_by_hand_is_nobodys_rule():
    ticket = a_ticket()
    deadlines.set_due_date(ticket.ticket_id, RESOLUTION, after(hours=6), "", ANA, after())
    resolved(ticket, hours=5)
    assert flips(with_targets(resolution=HOUR)) == []


def test_a_draft_of_a_new_policy_is_asked_before_the_standard_one():
    vip, other = a_ticket(tags=["vip"]), a_ticket()
    for ticket in (vip, other):
        resolved(ticket, hours=5)
    draft = {**with_targets(resolution=HOUR), "id": "vip", "conditions": {"tag": ["VIP"]}}
    assert flips(draft) == [(vip.ticket_id, "resolution", 1, "met", "breached")]


def test_a_draft_that_lets_tickets_go_measures_them_by_the_next_policy():
    strict = {**with_targets(resolution=HOUR), "id": "vip", "conditions": {"tag": ["vip"]}}
    sla_settings.put_policy(strict, ADA, MONDAY_9)
    ticket = a_ticket(tags=["vip"])
    resolved(ticket, hours=5)
    assert flips({**strict, "retired": True}) == [
        (ticket.ticket_id, "resolution", 1, "breached", "met"),
    ]  # fmt: skip


def test_only_the_days_asked_for_are_looked_at():
    ticket = a_ticket()
    resolved(ticket, hours=5)
    draft = with_targets(resolution=HOUR)
    assert flips(draft, days=3, now=after(days=4)) == []
    assert len(flips(draft, days=4, now=after(days=4))) == 1
    assert len(flips(draft, days=90, now=after(days=60))) == 1  # over New Year's Eve


def stored() -> list:
    """Everything that the answer is made from."""
    return [
        sorted(str(row.attribute_values) for row in model.scan())
        for model in (Ticket, TimelineEntry, Setting)
    ]


def test_the_job_answers_page_by_page_and_changes_nothing(monkeypatch):
    monkeypatch.setattr(what_if, "PAGE", 2)
    done = [a_ticket(now=after(minutes=minute)) for minute in range(5)]
    for minute, ticket in enumerate(done):
        resolved(ticket, hours=5, minutes=minute)
    a_ticket()
    before = stored()
    about = {"policy": with_targets(resolution=HOUR), "calendar": None, "days": 30}
    job = jobs.start("sla_what_if", about, LEA, after(hours=6))
    work_off_jobs(after(days=9))  # asked at three o'clock, and answered as of then
    view = jobs.view(jobs.find(job.job_id))
    assert (view["state"], view["seen"], view["total"]) == ("finished", 6, 6)
    assert {one["ticket"] for one in view["found"] if one["was"] == "met"} == {
        ticket.ticket_id for ticket in done
    }
    assert view["changed"] == len(view["found"]) == 5 + 1  # one more is open and late by then
    assert stored() == before
    assert aws.queued("jobs") == []


REFUSED = {
    "no draft at all": ({"policy": None, "calendar": None, "days": 9}, ""),
    "no days": ({"policy": a_policy(), "calendar": None, "days": 0}, "/days"),
    "more than a year": ({"policy": a_policy(), "calendar": None, "days": 400}, "/days"),
    "a bad policy": (
        {"policy": a_policy(warnings=[120]), "calendar": None, "days": 9},
        "/policy/warnings/0",
    ),
    "a bad calendar": (
        {"policy": None, "calendar": {**OFFICE, "zone": "Mars"}, "days": 9},
        "/calendar/zone",
    ),
    "a standard policy that is not for everybody": (
        {"policy": a_policy(conditions={"tag": ["vip"]}), "calendar": None, "days": 9},
        "/policy/conditions",
    ),
    "a standard policy that is retired": (
        {"policy": a_policy(retired=True), "calendar": None, "days": 9},
        "/policy/retired",
    ),
}


@pytest.mark.parametrize(("asked", "pointer"), REFUSED.values(), ids=REFUSED)
def test_a_draft_that_could_not_be_stored_is_refused_with_its_field(asked, pointer):
    with pytest.raises(Invalid) as refused:
        what_if.check(**asked)
    assert [error.pointer for error in refused.value.errors] == [pointer]
