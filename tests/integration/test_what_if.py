"""What a draft would have changed: stored clocks measured anew, and nothing touched."""

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.vocabulary import HoldReason
from chalicelib.models.setting import Setting
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import (
    deadlines,
    dispatch,
    escalations,
    jobs,
    sla_settings,
    tickets,
    what_if,
)
from tests import aws
from tests.cast import ADA, ANA, LEA, MONDAY_9, ROSA, after
from tests.factories import a_policy, a_ticket, put_policy
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

NOW = after(days=2)


def flips(policy=None, calendar=None, days=90, now=NOW) -> list[tuple]:
    """(ticket, target, cycle, was, would be) of every verdict that the draft would change."""
    what_if.check(policy, calendar, days)
    draft = what_if.draft_of({"policy": policy, "calendar": calendar})
    found = [one for page in what_if.pages(draft, days, now) for one in page.found]
    return sorted(
        (one["ticket"], one["target"], one["cycle"], one["was"], one["would_be"]) for one in found
    )


def with_targets(**target) -> dict:
    return a_policy(targets=all_targets(**target))


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


def test_past_cycles_are_measured_too_each_by_its_own_tier_and_priority():
    ticket = urgent()
    dispatch.accept(ticket.ticket_id, ANA, after(minutes=8))
    answered(ticket, minutes=9)
    escalations.escalate(ticket.ticket_id, "Up", "", None, ANA, after(minutes=10))
    asked_again(ticket, minutes=11)
    answered(ticket, minutes=26)
    asked_again(ticket, minutes=30)
    answered(ticket, minutes=31)
    draft = with_targets(next_response=10 * 60, time_to_accept={"1": 5 * 60, "2": 20 * 60})
    assert flips(draft) == [
        (ticket.ticket_id, "next_response", 1, "met", "breached"),
        (ticket.ticket_id, "time_to_accept", 1, "met", "breached"),
    ]


def test_a_reopened_resolution_flips_in_the_cycles_in_which_it_was_too_long():
    ticket = a_ticket()
    resolved(ticket, hours=1)
    tickets.reopen(ticket.ticket_id, ROSA, after(hours=5))
    resolved(ticket, hours=7)
    found = [one for one in flips(with_targets(resolution=2 * HOUR)) if one[1] == RESOLUTION]
    assert found == [(ticket.ticket_id, "resolution", 2, "met", "breached")]


def test_a_tier_that_was_only_left_is_not_measured_beyond_its_leaving():
    ticket = a_ticket()
    escalations.escalate(ticket.ticket_id, "Up", "", None, ANA, after(minutes=10))
    answered(ticket, minutes=11)
    draft = with_targets(time_to_accept=15 * 60)
    assert flips(draft, now=after(days=30)) == []


def test_a_date_agreed_by_hand_is_nobodys_rule():
    ticket = a_ticket()
    deadlines.set_due_date(ticket.ticket_id, RESOLUTION, after(hours=6), "", ANA, after())
    resolved(ticket, hours=5)
    assert flips(with_targets(resolution=HOUR)) == []


def test_a_draft_of_what_is_in_force_flips_nothing_whatever_happened_to_a_ticket():
    raised, eased, moved, again = a_ticket(), urgent(), a_ticket(), a_ticket()
    high, low = ({"impact": level, "urgency": level} for level in ("high", "low"))
    answered(raised, hours=1)
    dispatch.accept(moved.ticket_id, ANA, after(hours=1.9))
    tickets.change(raised.ticket_id, high, ANA, after(hours=2))
    escalations.escalate(moved.ticket_id, "Up", "", None, ANA, after(hours=2))
    sweep(after(hours=3))
    tickets.change(eased.ticket_id, low, ANA, after(hours=3))
    answered(again, hours=3.5)
    answered(eased, hours=4)
    resolved(again, hours=4)
    tickets.reopen(again.ticket_id, ROSA, after(hours=5))
    tickets.change(again.ticket_id, high, ANA, after(hours=6))
    resolved(again, hours=9)
    sweep(after(hours=10))
    assert flips(a_policy(), now=after(hours=10)) == []


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
