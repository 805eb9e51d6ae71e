"""Mails: what they say, what they must not repeat, and that nothing breaks their headers."""

from dataclasses import replace

import pytest

from chalicelib.domain.letters import Letter, LetterKind
from chalicelib.web import mails

LINK = "https://desk.example/requests/HD-7K2M9QX?key=abc&x=1"
FIXED_WORDS = (LetterKind.ACKNOWLEDGEMENT, LetterKind.WAITING, LetterKind.OWN_LINK)
PROMISING = (LetterKind.ACKNOWLEDGEMENT, LetterKind.WAITING)
EVIL = "Cheap pills <a href=//evil.example>\r\nBcc: all@shop.example"


def a_letter(kind: LetterKind, **data: object) -> Letter:
    by = {"id": "P-BEN", "name": "Ben <Ito>", "role": "agent"}
    ticket = {
        "id": "HD-7K2M9QX", "subject": EVIL, "description": EVIL, "priority": "P1", "tier": 2,
        "assignee": None,
        "requester": {"id": "R-1", "name": EVIL, "email": "r@shop.example",
                      "time_zone": "Europe/Paris"},
        "sla": {"targets": [{"kind": "first_response", "state": "running",
                             "due_at": "2026-11-23T10:15:00Z", "met_at": None}]},
    }  # fmt: skip
    entry = {"id": "000001-00", "kind": "opened", "by": by, "data": data}
    return Letter(kind, "r@shop.example", ticket, entry, LINK, "key")


def test_an_acknowledgement_repeats_nothing_that_its_sender_wrote():
    mail = mails.written(a_letter(LetterKind.ACKNOWLEDGEMENT, description=EVIL, subject=EVIL))
    for part in (mail.subject, mail.text, mail.html):
        assert "pills" not in part
        assert "evil" not in part
    assert "HD-7K2M9QX" in mail.subject


def test_an_acknowledgement_promises_a_time_in_the_readers_zone():
    mail = mails.written(a_letter(LetterKind.ACKNOWLEDGEMENT))
    assert "23 Nov 2026, 11:15 (Europe/Paris)" in mail.text


def test_a_reply_is_plain_in_text_and_escaped_in_html():
    mail = mails.written(a_letter(LetterKind.REPLY, body="Is 1 < 2 & <b>bold</b>?"))
    assert "Is 1 < 2 & <b>bold</b>?" in mail.text
    assert "Is 1 &lt; 2 &amp; &lt;b&gt;bold&lt;/b&gt;?" in mail.html
    assert LINK in mail.text
    assert "key=abc&amp;x=1" in mail.html


@pytest.mark.parametrize("kind", list(LetterKind))
def test_no_subject_can_bring_a_header_along(kind):
    subject = mails.written(a_letter(kind, body="x", summary="x", target="resolution")).subject
    assert subject.isprintable()
    assert len(subject) <= 150


@pytest.mark.parametrize("kind", list(LetterKind))
def test_user_text_chooses_its_own_direction_and_dark_programs_are_told(kind):
    html = mails.written(a_letter(kind, body="مرحبا", summary="مرحبا", target="resolution")).html
    assert 'name="color-scheme"' in html
    assert kind in FIXED_WORDS or 'dir="auto"' in html


TO_REQUESTERS = (*FIXED_WORDS, LetterKind.REPLY, LetterKind.RESOLVED)


@pytest.mark.parametrize("kind", TO_REQUESTERS)
def test_an_address_that_nobody_has_proven_reads_no_word_of_what_was_asked(kind):
    mail = mails.written(a_letter(kind, body="x", summary="x"))
    assert "pills" not in mail.subject + mail.text + mail.html


@pytest.mark.parametrize("kind", [LetterKind.REPLY, LetterKind.RESOLVED])
def test_who_has_proven_their_address_finds_the_mail_by_its_subject(kind):
    mail = mails.written(replace(a_letter(kind, body="x", summary="x"), proven=True))
    assert "Cheap pills" in mail.subject


def test_all_mails_of_a_ticket_make_one_thread():
    first, second = (mails.written(a_letter(kind, body="x")).headers["References"]
                     for kind in (LetterKind.ACKNOWLEDGEMENT, LetterKind.REPLY))  # fmt: skip
    assert first == second


def test_the_lead_reads_which_promise_is_late():
    clock = {"told": "lead", "step": "ladder-1800", "target": "resolution"}
    mail = mails.written(a_letter(LetterKind.ESCALATED, **clock))
    assert mail.subject.startswith("Late: HD-7K2M9QX")
    assert "“Solution” is late" in mail.text
    assert "because you lead this desk" in mail.text


def test_the_managers_read_who_turned_to_them_and_why():
    mail = mails.written(a_letter(LetterKind.ESCALATED, told="manager", reason="They may <sue>."))
    assert mail.subject.startswith("For you: HD-7K2M9QX")
    assert "Ben <Ito> writes: They may <sue>." in mail.text
    assert "They may &lt;sue&gt;." in mail.html
    assert "because you manage this desk" in mail.html


def expecting(kind: LetterKind, at: str, **data: object) -> Letter:
    letter = a_letter(kind, **data)
    return replace(letter, ticket={**letter.ticket, "expected_at": at})


def test_who_has_to_wait_reads_when_in_their_own_zone_and_nothing_of_their_own():
    mail = mails.written(expecting(LetterKind.WAITING, "2026-11-24T08:00:00Z"))
    for part in (mail.text, mail.html):
        assert "Nobody who can help is at work right now." in part
        assert "Tuesday 24 November, 09:00 (Europe/Paris)" in part
        assert "pills" not in part
    assert "11:15" not in mail.text  # the promise, which nobody could keep


def test_that_one_has_to_wait_is_said_in_a_mail_of_its_own():
    mail = mails.written(expecting(LetterKind.ACKNOWLEDGEMENT, "2026-11-24T08:00:00Z"))
    assert "at work" not in mail.text + mail.html


@pytest.mark.parametrize("kind", PROMISING)
def test_a_promise_that_can_be_kept_is_repeated(kind):
    mail = mails.written(expecting(kind, "2026-11-23T10:00:00Z"))
    assert "23 Nov 2026, 11:15 (Europe/Paris)" in mail.text


def test_a_page_begins_with_its_priority_and_says_by_when():
    called = a_letter(LetterKind.PAGE, step=0, ack_by="2026-11-23T09:10:00Z")
    mail = mails.written(replace(called, zone="Asia/Tokyo"))
    assert mail.subject.startswith("P1 HD-7K2M9QX needs you: Cheap pills")
    assert "you are on call" in mail.text
    assert "Promised by 23 Nov 2026, 19:15 (Asia/Tokyo)." in mail.text
    assert "Answer by 23 Nov 2026, 18:10 (Asia/Tokyo), or it calls the backup." in mail.text
    assert LINK in mail.text
    assert "<a href=//evil.example>" not in mail.html


def test_the_last_who_are_called_read_of_nobody_after_them():
    mail = mails.written(a_letter(LetterKind.PAGE, step=3, ack_by=None))
    assert "you are of the management" in mail.text
    assert "Answer by" not in mail.text


def news(kind: str, role: str = "agent", **data: object) -> str:
    letter = a_letter(LetterKind.WATCHED, **data)
    by = {**letter.entry["by"], "role": role}
    entry = {**letter.entry, "kind": kind, "by": by}
    return mails.written(replace(letter, entry=entry, zone="Europe/Lisbon")).text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (news("reply", body="Try now."), "Ben <Ito> wrote to the requester:\n\nTry now."),
        (news("reply", "requester", body="It works."), "Ben <Ito> wrote to us:\n\nIt works."),
        (news("note", body="Port 7."), "Ben <Ito> left an internal note:\n\nPort 7."),
        (news("note", body="x"), "for the desk only: please do not pass it on"),
        (news("resolved", summary="A new till"), "Ben <Ito> solved it: A new till"),
        (news("assigned", assignee={"id": "P-1", "name": "Ana"}, note="Hurry"),
         "Ben <Ito> assigned it to Ana:\n\nHurry"),
        (news("unstaffed", tier=1, expected_at="2026-11-23T09:00:00Z"),
         "expects somebody Mon 23 Nov 09:00"),
    ],
)  # fmt: skip
def test_whoever_watches_reads_what_happened(text, words):
    assert words in text
    assert "because you watch this ticket" in text
