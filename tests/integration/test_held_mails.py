"""Mails to addresses nobody has proven: few, and without a word of who filled in the form."""

import email
import email.policy

import pytest

from chalicelib.adapters import clock, pagers
from chalicelib.handlers.workers.notifications import send_notifications
from chalicelib.services import conversations, guests, limits, tickets
from tests import aws
from tests.cast import ANA, BEN, MONDAY_9, OMAR, after
from tests.factories import a_ticket
from tests.integration.lambdas import relay, work

pytestmark = pytest.mark.usefixtures("cloud")


def told() -> list[email.message.EmailMessage]:
    """What is mailed for all that has happened since the last time."""
    before = len(aws.sent_mail_store())
    relay()
    assert work(send_notifications, aws.queued("notifications")) == {"batchItemFailures": []}
    raw = [one.raw_data for one in aws.sent_mail_store()[before:]]
    return [email.message_from_string(one, policy=email.policy.default) for one in raw]


def prove(ticket) -> None:
    guests.admit(ticket.ticket_id, guests.follow_key(ticket, MONDAY_9), MONDAY_9)


def test_one_acknowledgement_a_day_goes_to_an_address(cloud):
    for _ in range(3):
        a_ticket()
    assert len(told()) == 1
    clock.use(lambda: after(hours=24))
    a_ticket()
    assert len(told()) == 1


def test_another_address_is_not_held_back(cloud):
    a_ticket(), a_ticket(OMAR)
    assert len(told()) == 2


def test_who_has_followed_a_link_is_told_each_time(cloud):
    prove(a_ticket())
    a_ticket()
    assert len(told()) == 2


def test_what_people_write_is_never_held_back(cloud):
    ticket = a_ticket()
    for words in ("One.", "Two.", "Three."):
        conversations.reply(ticket.ticket_id, words, ANA, MONDAY_9)
    assert len(told()) == 4


def test_all_acknowledgements_together_have_a_cap_an_hour(cloud, monkeypatch):
    monkeypatch.setattr(limits, "ACKNOWLEDGEMENTS", limits.Rate("acks", 1, limits.HOUR))
    a_ticket(), a_ticket(OMAR)
    assert len(told()) == 1
    clock.use(lambda: after(hours=1))
    a_ticket(BEN)  # of Rosa and Omar one had theirs today, whoever's turn it was
    assert len(told()) == 1


def test_a_crash_while_sending_does_not_make_the_letter_a_second_one(cloud, monkeypatch):
    a_ticket()
    relay()
    message = aws.queued("notifications")

    def dies(mail):
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setitem(pagers.CHANNELS, "mail", dies)
        assert work(send_notifications, message)["batchItemFailures"]
    assert work(send_notifications, message) == {"batchItemFailures": []}
    assert len(aws.sent_mail_store()) == 1


def test_only_who_has_followed_a_link_reads_their_subject_in_a_mail(cloud):
    ticket = a_ticket(subject="Cheap pills")
    conversations.reply(ticket.ticket_id, "Hello.", ANA, MONDAY_9)
    tickets.resolve(ticket.ticket_id, "Done.", None, ANA, MONDAY_9)
    for mail in told():
        assert "pills" not in mail.as_string()
        assert ticket.ticket_id in mail["Subject"]
    prove(ticket)
    conversations.reply(ticket.ticket_id, "Still there?", ANA, MONDAY_9)
    (mail,) = told()
    assert mail["Subject"] == f"[{ticket.ticket_id}] Cheap pills"
