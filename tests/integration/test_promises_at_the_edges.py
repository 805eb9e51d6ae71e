"""Promises where paths cross: finished tickets, own tickets, late ticks, work that got lost."""

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.adapters import queues
from chalicelib.domain import sla
from chalicelib.domain.errors import Conflict, Invalid
from chalicelib.domain.people import Actor
from chalicelib.domain.vocabulary import HoldReason, Level, Role, Status, Target
from chalicelib.models.job import Job
from chalicelib.models.ticket import Ticket
from chalicelib.services import (
    clocks,
    conversations,
    deadlines,
    escalations,
    jobs,
    settings,
    sla_settings,
    sweeping,
    tickets,
)
from tests import aws
from tests.cast import ADA, ANA, MONDAY_9, ROSA, after
from tests.factories import a_ticket, employ_everyone, kinds_of, now_of
from tests.integration.api import Api
from tests.integration.lambdas import sweep

pytestmark = pytest.mark.usefixtures("cloud")

TARGETS = {name: {"resolution": 7200} for name in ("P1", "P2", "P3", "P4", "P5")}
GOLD = {"id": "gold", "name": "Gold", "calendar": "24x7", "targets": TARGETS}


def clock(ticket: Ticket, kind: Target) -> sla.Clock:
    return next(one for one in clocks.clocks_of(now_of(ticket)) if one.kind is kind)


def dated(ticket: Ticket, kind: Target, hours: int, reason: str = "promised") -> None:
    args = (ticket.ticket_id, kind, after(hours=hours), reason, ANA, after(minutes=1))
    deadlines.set_due_date(*args)


def test_a_requester_never_reads_why_a_date_was_set_by_hand_nor_by_whom():
    ticket = a_ticket()
    dated(ticket, Target.RESOLUTION, 30, "SECRET: they are difficult")
    rosa = Api(ROSA)
    for path in ("", "/sla", "/timeline"):
        assert b"SECRET" not in rosa.get(f"/tickets/{ticket.ticket_id}{path}").body
    listed = rosa.get("/tickets")
    assert b"SECRET" not in listed.body
    assert ANA.name.encode() not in listed.body


@pytest.mark.parametrize("waits_first", [False, True])
def test_a_finished_ticket_breaches_no_date_by_hand(waits_first):
    ticket = a_ticket()
    dated(ticket, Target.FIRST_RESPONSE, 5)
    if waits_first:
        tickets.hold(ticket.ticket_id, HoldReason.REQUESTER, None, ANA, after(hours=1))
    tickets.resolve(ticket.ticket_id, "", None, ROSA, after(hours=2))
    tickets.change(ticket.ticket_id, {"category": "till"}, ANA, after(hours=10))
    assert "sla_breached" not in kinds_of(ticket)
    assert sla.due_at(clock(ticket, Target.FIRST_RESPONSE)) is None


def test_a_date_by_hand_that_passed_while_the_ticket_was_solved_is_none_any_more():
    ticket = a_ticket()
    dated(ticket, Target.FIRST_RESPONSE, 5)
    tickets.resolve(ticket.ticket_id, "", None, ROSA, after(hours=2))
    tickets.reopen(ticket.ticket_id, ROSA, after(hours=10))
    assert clock(ticket, Target.FIRST_RESPONSE).override is None
    assert sla.due_at(clock(ticket, Target.FIRST_RESPONSE)) == after(hours=12)


def test_a_resolved_ticket_is_not_resolved_again():
    ticket = a_ticket()
    tickets.resolve(ticket.ticket_id, "Done.", None, ANA, after(hours=1))
    with pytest.raises(Conflict):
        tickets.resolve(ticket.ticket_id, "Done.", None, ROSA, after(hours=90))
    assert now_of(ticket).resolved_at == after(hours=1)


def test_too_late_is_too_late_for_an_agents_reply_as_well():
    sla_settings.put_policy({**GOLD, "reopen_within_days": 1}, ADA, MONDAY_9)
    ticket = a_ticket()
    tickets.resolve(ticket.ticket_id, "Done.", None, ANA, after(hours=1))
    with pytest.raises(Conflict):
        conversations.reply(ticket.ticket_id, "Again?", ANA, after(days=3), Status.OPEN)


def test_an_agents_reply_that_opens_a_solved_ticket_brings_it_to_the_queue():
    ticket = a_ticket()
    tickets.resolve(ticket.ticket_id, "Done.", None, ANA, after(hours=1))
    conversations.reply(ticket.ticket_id, "Not quite.", ANA, after(hours=2), Status.OPEN)
    assert kinds_of(ticket)[-2:] == ["reply", "reopened"]


def test_staff_who_ask_the_desk_do_not_answer_themselves():
    own = Actor(ROSA.id, "Rosa Lind", Role.AGENT, ROSA.email)
    ticket = a_ticket()
    conversations.reply(ticket.ticket_id, "Any news?", own, after(minutes=5))
    assert clock(ticket, Target.FIRST_RESPONSE).met_at is None


def test_a_tick_that_comes_late_writes_nothing_into_the_past():
    ticket = a_ticket(impact=Level.HIGH, urgency=Level.HIGH)
    conversations.note(ticket.ticket_id, "Looking.", ANA, after(minutes=50))
    escalations.advance(ticket.ticket_id, after(minutes=20))
    changed = now_of(ticket)
    assert int(changed.tier) == 2
    assert changed.updated_at == after(minutes=50)
    assert clock(ticket, Target.TIME_TO_ACCEPT).segments[0].started_at == after(minutes=50)


def test_a_queue_that_fails_does_not_keep_the_tick_from_the_oldest(monkeypatch):
    first, second = a_ticket(), a_ticket(now=after(seconds=1))
    monkeypatch.setattr(sweeping, "AT_ONCE", 1)
    monkeypatch.setattr(queues, "send", lambda *args: 1 / 0)
    assert sweep(after(hours=2, minutes=1)) == {"swept": 1, "handed_on": 0}
    assert "sla_warned" in kinds_of(first)
    assert kinds_of(second) == ["opened"]


def a_job_that_was_never_sent(monkeypatch) -> Job:
    def unreachable(*args, **kwargs):
        raise EndpointConnectionError(endpoint_url="https://sqs")

    with monkeypatch.context() as patch:
        patch.setattr(queues, "send_one", unreachable)
        with pytest.raises(EndpointConnectionError):
            sla_settings.put_policy(GOLD, ADA, MONDAY_9)
    (job,) = Job.latest("sla_recompute", 1)
    return job


def run(job: Job, now) -> None:
    while messages := aws.queued("jobs"):
        for message in messages:
            jobs.work(message, now)


def test_work_that_was_saved_and_never_sent_is_sent_by_the_next_ticks(monkeypatch):
    ticket = a_ticket()
    job = a_job_that_was_never_sent(monkeypatch)
    sweep(after(minutes=5))
    assert aws.queued("jobs") == []  # it may be under way still
    sweep(after(minutes=10))
    run(job, after(minutes=10))
    assert now_of(ticket).sla["policy"] == "gold"
    assert jobs.view(jobs.find(job.job_id))["state"] == "finished"
    sweep(after(minutes=30))
    assert aws.queued("jobs") == []


def test_a_branch_and_the_work_that_follows_go_together(monkeypatch):
    sla_settings.put_branch({"id": "lyon", "name": "Lyon", "calendar": "24x7"}, ADA, MONDAY_9)
    job = sla_settings.delete_branch("lyon", ADA, after(minutes=1))
    assert Job.find(job.job_id) is not None
    settings.forget()
    assert settings.branch("Lyon") is None


def test_two_branches_of_one_name_would_be_one_too_many():
    sla_settings.put_branch({"id": "lyon", "name": "Lyon", "calendar": "24x7"}, ADA, MONDAY_9)
    with pytest.raises(Invalid):
        sla_settings.put_branch({"id": "lyon-2", "name": "LYON", "calendar": "24x7"}, ADA, MONDAY_9)


@pytest.mark.parametrize("name", ["24x7", "branch", "new"])
def test_words_with_a_meaning_are_no_ids(name):
    weekly = {"mon": [["09:00", "17:00"]]}
    calendar = {"id": name, "name": "X", "zone": "UTC", "weekly": weekly}
    with pytest.raises(Invalid):
        sla_settings.put_calendar(calendar, ADA, MONDAY_9)


def test_a_policy_too_large_to_keep_is_refused():
    words = ["x" * 100 + str(number) for number in range(400)]
    with pytest.raises(Invalid, match="more than a policy can hold"):
        sla_settings.put_policy({**GOLD, "conditions": {"tag": words}}, ADA, MONDAY_9)


def test_telling_moves_no_ticket_and_says_so():
    employ_everyone()
    ana, ticket = Api(ANA), a_ticket()
    asked = {"reason": "x", "tell": "lead", "to_tier": 3}
    assert ana.post(f"/tickets/{ticket.ticket_id}/escalation", asked).status == 422


def test_who_may_change_nothing_learns_nothing_of_what_there_is():
    rosa = Api(ROSA)
    body = {"name": "X", "targets": TARGETS}
    answers = [rosa.put(f"/sla-policies/{name}", body).status for name in ("standard", "zz")]
    assert answers == [403, 403]


def test_all_that_is_written_to_a_closed_ticket_goes_on_in_one_and_the_same():
    ticket = a_ticket()
    tickets.cancel(ticket.ticket_id, "spam", ANA, after(minutes=1))
    first, _ = conversations.reply(ticket.ticket_id, "It was none.", ROSA, after(minutes=2))
    second, said = conversations.reply(ticket.ticket_id, "Hello?", ROSA, after(minutes=3))
    assert second.ticket_id == first.ticket_id
    assert (said.kind, now_of(ticket).followed_by) == ("reply", first.ticket_id)
