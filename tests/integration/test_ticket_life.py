"""A ticket's life through the services, on faked tables."""

from datetime import datetime

import pytest

from chalicelib.domain.errors import Conflict, Invalid, KeyReused, NotFound, NotPermitted, Stale
from chalicelib.domain.vocabulary import HoldReason, Status, Target
from chalicelib.services import (
    clocks,
    conversations,
    dispatch,
    escalations,
    intake,
    ownership,
    reading,
    tickets,
)
from chalicelib.services.once import AlreadyDone, Once
from tests.cast import ANA, BEN, CHI, MONDAY_9, OMAR, ROSA, after
from tests.factories import (
    a_draft,
    a_ticket,
    clock_of,
    employ,
    employ_everyone,
    entries_of,
    kinds_of,
    now_of,
    steps_of,
)

pytestmark = pytest.mark.usefixtures("cloud")


def once(digest: str = "same", at: datetime = MONDAY_9) -> Once:
    return Once("key#rosa#1", at, digest, lambda ticket, entry: {"id": ticket.ticket_id})


def test_a_new_ticket_waits_in_tier_one_with_all_clocks_running_but_the_next_response():
    ticket = now_of(a_ticket())
    assert (ticket.status, ticket.priority, ticket.tier) == ("new", "P3", 1)
    running = {clock.kind for clock in clocks.clocks_of(ticket) if clock.is_running}
    assert running == set(Target) - {Target.NEXT_RESPONSE}
    assert ticket.list_name.startswith("tier1/")
    assert kinds_of(ticket) == ["opened"]


def test_the_same_key_opens_one_ticket_and_repeats_the_first_answer():
    first = intake.open_ticket(a_draft(), ROSA, MONDAY_9, once=once())
    with pytest.raises(AlreadyDone) as again:
        intake.open_ticket(a_draft(), ROSA, after(minutes=1), once=once())
    assert again.value.answer == {"id": first.ticket.ticket_id}


def test_the_same_key_with_another_request_is_refused():
    intake.open_ticket(a_draft(), ROSA, MONDAY_9, once=once())
    with pytest.raises(KeyReused):
        intake.open_ticket(a_draft(), ROSA, MONDAY_9, once=once("other"))


def test_a_key_is_free_again_after_a_day():
    intake.open_ticket(a_draft(), ROSA, MONDAY_9, once=once())
    intake.open_ticket(a_draft(), ROSA, after(hours=25), once=once("other", after(hours=25)))


def test_somebody_elses_ticket_looks_like_none():
    ticket = a_ticket(ROSA)
    with pytest.raises(NotFound):
        reading.read(ticket.ticket_id, OMAR)


def test_an_agents_reply_meets_the_first_response_and_takes_the_ticket_up():
    ticket, _ = conversations.reply(a_ticket().ticket_id, "On it.", ANA, after(minutes=5))
    assert clock_of(ticket, Target.FIRST_RESPONSE).met_at == after(minutes=5)
    assert clock_of(ticket, Target.RESOLUTION).is_running
    assert ticket.status == "open"


def test_a_note_stops_no_clock_and_no_requester_reads_it():
    ticket, _ = conversations.note(a_ticket().ticket_id, "Looks odd.", ANA, after(minutes=5))
    assert clock_of(ticket, Target.FIRST_RESPONSE).met_at is None
    entries, _ = reading.timeline(ticket.ticket_id, ROSA, MONDAY_9)
    assert [entry.kind for entry in entries] == ["opened"]


def test_a_late_reply_records_the_breach_it_hides():
    ticket = a_ticket()
    conversations.reply(ticket.ticket_id, "Sorry.", ANA, after(hours=5))
    assert kinds_of(ticket) == ["opened", "reply", "sla_breached", "sla_breached"]
    hidden = {entry.data["target"] for entry in entries_of(ticket, "sla_breached")}
    assert hidden == {"first_response", "time_to_accept"}


def test_waiting_for_the_requester_gives_the_resolution_its_time_back():
    ticket = a_ticket()
    due = clock_of(ticket, Target.RESOLUTION)
    tickets.hold(ticket.ticket_id, HoldReason.REQUESTER, None, ANA, after(hours=1))
    conversations.reply(ticket.ticket_id, "Here it is.", ROSA, after(hours=3))
    clock = clock_of(ticket, Target.RESOLUTION)
    assert now_of(ticket).status == "open"
    assert clock.segments[-1].started_at == after(hours=3)
    assert clock.within == due.within


def test_a_requester_may_not_set_a_status():
    with pytest.raises(NotPermitted):
        conversations.reply(a_ticket().ticket_id, "Close it.", ROSA, MONDAY_9, Status.RESOLVED)


def test_a_resolved_ticket_leaves_its_tiers_list():
    ticket = a_ticket()
    tickets.resolve(ticket.ticket_id, "Restarted it.", None, ANA, after(hours=1))
    assert now_of(ticket).list_name == "finished/2026"


def test_a_reply_to_a_resolved_ticket_opens_it_again():
    ticket = a_ticket()
    tickets.resolve(ticket.ticket_id, "Restarted it.", None, ANA, after(hours=1))
    conversations.reply(ticket.ticket_id, "Still frozen.", ROSA, after(hours=2))
    assert now_of(ticket).status == "open"
    assert kinds_of(ticket)[-2:] == ["reply", "reopened"]


def test_a_resolved_ticket_closes_by_itself_after_five_days():
    ticket = a_ticket()
    tickets.resolve(ticket.ticket_id, "Restarted it.", None, ANA, after(hours=1))
    escalations.advance(ticket.ticket_id, after(days=6))
    escalations.advance(ticket.ticket_id, after(days=6))
    assert now_of(ticket).status == "closed"
    assert kinds_of(ticket)[-1] == "closed"


def test_a_closed_ticket_takes_no_reply_of_an_agent():
    ticket = a_ticket()
    tickets.resolve(ticket.ticket_id, "Done.", None, ANA, after(hours=1))
    escalations.advance(ticket.ticket_id, after(days=6))
    with pytest.raises(Conflict):
        conversations.reply(ticket.ticket_id, "Hm.", ANA, after(days=7))


def test_a_requesters_reply_to_a_closed_ticket_opens_a_new_one_that_follows_it():
    ticket = a_ticket(tags=["till"], branch="Lyon")
    tickets.resolve(ticket.ticket_id, "Done.", None, ANA, after(hours=1))
    escalations.advance(ticket.ticket_id, after(days=6))
    other, said = conversations.reply(ticket.ticket_id, "Again.", ROSA, after(days=7))
    assert (other.status, other.follows, said.kind) == ("new", ticket.ticket_id, "opened")
    assert (other.subject, other.branch, list(other.tags)) == (ticket.subject, "Lyon", ["till"])
    assert reading.read(other.ticket_id, ROSA)[1] == "Again."
    assert now_of(ticket).status == "closed"
    (noted,) = entries_of(ticket, "followed_up")
    assert noted.data == {"ticket": other.ticket_id}


def test_a_write_on_an_old_version_is_refused():
    ticket = a_ticket()
    conversations.note(ticket.ticket_id, "First.", ANA, MONDAY_9)
    with pytest.raises(Stale) as stale:
        tickets.change(ticket.ticket_id, {"subject": "New"}, BEN, MONDAY_9, seen=1)
    assert stale.value.current_version == 2


def test_more_urgency_shortens_the_targets():
    ticket = a_ticket()
    fields = {"impact": "high", "urgency": "high"}
    changed = tickets.change(ticket.ticket_id, fields, ANA, after(minutes=1))
    assert changed.priority == "P1"
    assert clock_of(changed, Target.FIRST_RESPONSE).within == 15 * 60


def test_dispatch_gives_the_ticket_to_the_least_loaded_agent_once():
    employ(ANA, BEN)
    first, second = a_ticket(ROSA), a_ticket(OMAR)
    dispatch.dispatch(first.ticket_id, 1, MONDAY_9)
    dispatch.dispatch(second.ticket_id, 1, MONDAY_9)
    assert dispatch.dispatch(second.ticket_id, 1, MONDAY_9) is None
    assert {now_of(first).assignee_id, now_of(second).assignee_id} == {ANA.id, BEN.id}
    assert kinds_of(second) == ["opened", "assigned"]


def test_nobody_eligible_is_a_visible_state():
    ticket = a_ticket()
    dispatch.dispatch(ticket.ticket_id, 1, MONDAY_9)
    dispatch.dispatch(ticket.ticket_id, 1, after(minutes=1))
    assert now_of(ticket).unstaffed_since == MONDAY_9
    assert kinds_of(ticket) == ["opened", "unstaffed"]


def test_escalating_by_hand_frees_the_ticket_for_the_next_tier():
    employ_everyone()
    ticket = a_ticket()
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    escalations.escalate(ticket.ticket_id, "Needs a specialist", "Restart", None, ANA, MONDAY_9)
    dispatch.dispatch(ticket.ticket_id, 2, MONDAY_9)
    assert (now_of(ticket).tier, now_of(ticket).assignee_id) == (2, CHI.id)


def test_the_last_tier_has_no_next_one():
    ticket = a_ticket()
    for _ in range(2):
        escalations.escalate(ticket.ticket_id, "Up", "", None, ANA, MONDAY_9)
    with pytest.raises(Conflict):
        escalations.escalate(ticket.ticket_id, "Up", "", None, ANA, MONDAY_9)


def test_an_unanswered_ticket_warns_breaches_and_escalates_once():
    ticket = a_ticket()
    for minutes in (241, 241, 242):
        escalations.advance(ticket.ticket_id, after(minutes=minutes))
    assert steps_of(ticket, Target.FIRST_RESPONSE) == [
        "warned-50", "warned-75", "warned-90", "breached", "ladder-0",
    ]  # fmt: skip
    assert steps_of(ticket, Target.TIME_TO_ACCEPT) == ["breached"]
    assert kinds_of(ticket).count("escalated") == 1
    assert now_of(ticket).tier == 2


def test_an_answered_ticket_does_not_escalate_for_its_first_response():
    ticket = a_ticket()
    conversations.reply(ticket.ticket_id, "On it.", ANA, after(minutes=5))
    escalations.advance(ticket.ticket_id, after(minutes=300))
    assert kinds_of(ticket) == ["opened", "reply"]


def test_a_ticket_held_until_a_date_goes_on_by_itself_then():
    ticket = a_ticket()
    tickets.hold(ticket.ticket_id, HoldReason.UNTIL, after(hours=1), ANA, MONDAY_9)
    escalations.advance(ticket.ticket_id, after(minutes=59))
    assert now_of(ticket).status == "on_hold"
    assert now_of(ticket).due_at == "2026-11-23T10:00:00.000Z"
    escalations.advance(ticket.ticket_id, after(minutes=61))
    escalations.advance(ticket.ticket_id, after(minutes=61))
    assert now_of(ticket).status == "open"
    assert kinds_of(ticket) == ["opened", "held", "resumed"]


def test_holding_until_needs_a_date_to_come():
    with pytest.raises(Invalid):
        tickets.hold(a_ticket().ticket_id, HoldReason.UNTIL, None, ANA, MONDAY_9)


def test_a_cancelled_ticket_has_no_clock_running():
    ticket = tickets.cancel(a_ticket().ticket_id, "Spam", ANA, after(minutes=1))
    assert not any(clock.is_running for clock in clocks.clocks_of(ticket))


def test_a_reply_cannot_close_a_ticket():
    ticket = a_ticket()
    tickets.resolve(ticket.ticket_id, "Done.", None, ANA, MONDAY_9)
    with pytest.raises(Conflict):
        conversations.reply(ticket.ticket_id, "Bye.", ANA, MONDAY_9, Status.CLOSED)


def test_a_due_time_that_means_nothing_any_more_is_put_right():
    ticket = a_ticket()
    escalations.push_ahead(ticket.ticket_id, after(hours=1))
    escalations.advance(ticket.ticket_id, after(hours=1))
    assert kinds_of(ticket) == ["opened"]
    assert now_of(ticket).due_at == "2026-11-23T11:00:00.000Z"
