"""From the timeline's stream to the queues, to agents and mails; each effect once."""

import email
import email.policy

import pytest

from chalicelib.adapters import queues
from chalicelib.domain.vocabulary import Status
from chalicelib.handlers.workers.notifications import send_notifications
from chalicelib.handlers.workers.tiers import work_tier1, work_tier2
from chalicelib.services import conversations, escalations, tickets
from tests import aws
from tests.cast import ANA, CHI, LEA, MONDAY_9, ROSA, after
from tests.factories import a_ticket, employ_everyone, kinds_of, now_of
from tests.integration.lambdas import relay, sweep, work

pytestmark = pytest.mark.usefixtures("cloud")


def mails() -> list[email.message.EmailMessage]:
    raw = [sent.raw_data for sent in aws.sent_mail_store()]
    return [email.message_from_string(one, policy=email.policy.default) for one in raw]


def test_a_new_ticket_is_told_to_its_tier_and_to_notifications_by_ids_only():
    ticket = a_ticket()
    assert relay() == {"batchItemFailures": []}
    ids = {"ticket_id": ticket.ticket_id, "entry_id": "000001-00", "kind": "opened"}
    assert aws.queued("tier1") == [ids]
    assert aws.queued("notifications") == [ids]
    assert aws.queued("tier2") == []


def test_an_escalated_ticket_is_told_to_the_next_tier():
    ticket = a_ticket()
    escalations.escalate(ticket.ticket_id, "Up", "", None, ANA, MONDAY_9)
    relay()
    assert [message["kind"] for message in aws.queued("tier2")] == ["escalated"]


def test_what_a_queue_refuses_comes_again_from_the_first_refused(monkeypatch):
    a_ticket()
    monkeypatch.setattr(queues, "send", lambda queue, messages: list(range(len(messages))))
    assert relay() == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_a_tiers_worker_assigns_once_however_often_the_message_comes():
    employ_everyone()
    ticket = a_ticket()
    message = {"ticket_id": ticket.ticket_id, "entry_id": "000001-00", "kind": "opened"}
    for _ in range(3):
        assert work(work_tier1, [message, message]) == {"batchItemFailures": []}
    assert kinds_of(ticket) == ["opened", "assigned"]


def test_a_stale_message_of_another_tier_changes_nothing():
    employ_everyone()
    ticket = a_ticket()
    message = {"ticket_id": ticket.ticket_id, "entry_id": "000001-00", "kind": "opened"}
    work(work_tier2, [message])
    assert kinds_of(ticket) == ["opened"]


def test_one_bad_message_fails_alone():
    employ_everyone()
    ticket = a_ticket()
    good = {"ticket_id": ticket.ticket_id, "entry_id": "000001-00", "kind": "opened"}
    answer = work(work_tier1, [{"odd": 1}, good])
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert kinds_of(ticket) == ["opened", "assigned"]


def test_the_requester_gets_one_acknowledgement_without_their_own_words():
    ticket = a_ticket(subject="Buy cheap pills", description="at pills.example")
    message = {"ticket_id": ticket.ticket_id, "entry_id": "000001-00", "kind": "opened"}
    for _ in range(2):
        assert work(send_notifications, [message]) == {"batchItemFailures": []}
    (mail,) = mails()
    assert mail["To"] == ROSA.email
    assert mail["Auto-Submitted"] == "auto-generated"
    whole = mail.as_string()
    assert "pills" not in whole
    text = mail.get_body(("plain",)).get_content()
    assert f"https://desk.example/requests/{ticket.ticket_id}?key=" in text
    assert "<html" in mail.get_body(("html",)).get_content()


def test_a_public_reply_is_mailed_and_a_note_is_not():
    ticket = a_ticket()
    conversations.reply(ticket.ticket_id, "Please restart it.", ANA, MONDAY_9)
    conversations.note(ticket.ticket_id, "Hush.", ANA, MONDAY_9)
    relay()
    told = aws.queued("notifications")
    assert [message["kind"] for message in told] == ["opened", "reply", "note"]
    work(send_notifications, told)
    assert len(mails()) == 2
    assert "Please restart it." in mails()[1].get_body(("plain",)).get_content()


def test_the_requesters_own_message_is_not_mailed_back():
    ticket = a_ticket()
    conversations.reply(ticket.ticket_id, "Anybody there?", ROSA, MONDAY_9)
    relay()
    work(send_notifications, aws.queued("notifications"))
    assert len(mails()) == 1


def test_a_line_break_in_a_subject_cannot_add_a_header():
    ticket = a_ticket(subject="Hi\r\nBcc: all@victims.example")
    conversations.reply(ticket.ticket_id, "Hello.", ANA, MONDAY_9)
    message = {"ticket_id": ticket.ticket_id, "entry_id": "000002-00", "kind": "reply"}
    assert work(send_notifications, [message]) == {"batchItemFailures": []}
    assert mails()[0]["Bcc"] is None


def test_the_sweep_escalates_an_unanswered_ticket_once_and_tier_two_takes_it():
    employ_everyone()
    ticket = a_ticket()
    for minutes in (241, 241, 245):
        sweep(after(minutes=minutes))
    relay()
    told = aws.queued("tier2")
    assert [message["kind"] for message in told] == ["escalated"]
    work(work_tier2, told)
    assert now_of(ticket).assignee_id == CHI.id
    assert kinds_of(ticket).count("escalated") == 1


def test_the_lead_is_told_half_an_hour_later():
    employ_everyone()
    a_ticket()
    sweep(after(minutes=241))
    sweep(after(minutes=271))
    relay()
    work(send_notifications, aws.queued("notifications"))
    assert [mail["To"] for mail in mails()][1:] == [LEA.email]


def test_a_poison_ticket_does_not_stop_the_rest(monkeypatch):
    poison, healthy = a_ticket(), a_ticket()
    advance = escalations.advance

    def breaks_on_poison(ticket_id, now):
        if ticket_id == poison.ticket_id:
            raise RuntimeError("cannot be read")
        return advance(ticket_id, now)

    monkeypatch.setattr(escalations, "advance", breaks_on_poison)
    sweep(after(minutes=241))
    assert "escalated" in kinds_of(healthy)
    assert kinds_of(poison) == ["opened"]
    assert now_of(poison).due_at > now_of(healthy).created_at.isoformat()
    assert sum(sweep(after(minutes=242)).values()) == 0


def test_resolving_stops_every_later_step():
    ticket = a_ticket()
    tickets.resolve(ticket.ticket_id, "Done.", None, ANA, after(minutes=1))
    sweep(after(hours=100))
    assert kinds_of(ticket) == ["opened", "resolved"]


def test_an_answer_that_solves_is_one_mail():
    ticket = a_ticket()
    conversations.reply(ticket.ticket_id, "Fixed it.", ANA, MONDAY_9, Status.RESOLVED)
    relay()
    told = [one for one in aws.queued("notifications") if one["kind"] != "opened"]
    work(send_notifications, told)
    (mail,) = mails()
    assert "opens again" in mail.get_body(("plain",)).get_content()
