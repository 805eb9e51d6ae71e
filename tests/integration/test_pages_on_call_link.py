"""The page behind a page's mail: one button, no sign-in, and nothing for anybody else."""

import email
import email.policy
import re

import pytest

from chalicelib.adapters import clock
from chalicelib.domain.vocabulary import Level
from chalicelib.handlers.workers.notifications import send_notifications
from chalicelib.services import (
    conversations,
    desk_settings,
    members,
    ownership,
    paging,
    tickets,
    transfers,
)
from tests import aws
from tests.cast import ADA, ANA, BEN, CHI, LEA, MONDAY_9, after
from tests.factories import a_ticket, employ, entries_of, kinds_of, now_of
from tests.integration.browser import Browser, Page
from tests.integration.lambdas import work
from tests.integration.page_text import text_of
from tests.integration.whole_desk import run, tick

pytestmark = pytest.mark.usefixtures("cloud")

ROTATION = {
    "id": "web", "name": "Web", "tier": 2, "zone": "UTC", "starts": "2026-11-02",
    "people": [BEN.id, CHI.id], "acknowledge_within": 600,
}  # fmt: skip
SECRET = "The password of the till is 1234."


@pytest.fixture
def ticket():
    """Urgent, in tier 2, where nobody is free: it has called Chi."""
    employ(BEN, CHI, tiers=[2], availability="busy")
    employ(LEA, ANA, ADA)
    desk_settings.put_rotation(ROTATION, ADA, MONDAY_9)
    made = a_ticket(subject="Till <b>down</b>", description=SECRET, impact=Level.HIGH,
                    urgency=Level.HIGH)  # fmt: skip
    conversations.note(made.ticket_id, f"Note: {SECRET}", LEA, MONDAY_9)
    transfers.to_tier(made.ticket_id, 2, SECRET, LEA, MONDAY_9)
    run(MONDAY_9)
    assert now_of(made).page["called"] == [CHI.id]
    return made


def link(ticket, whom=CHI, at=MONDAY_9) -> str:
    key = paging.link_key(ticket.ticket_id, whom.id, at)
    return f"/on-call/{ticket.ticket_id}?key={key}"


def press(page: Page, ticket, browser: Browser | None = None) -> Page:
    return (browser or Browser()).submit(page, f"/on-call/{ticket.ticket_id}")


def test_looking_shows_what_it_is_and_changes_nothing(ticket):
    for _ in range(3):  # a mail scanner, a preview, and the person
        page = Browser().get(link(ticket))
    assert page.status == 200
    read = text_of(page)
    assert "P1 " + ticket.ticket_id in read
    assert "Till &lt;b&gt;down&lt;/b&gt;" in page.text
    assert "for Chi Okafor" in read
    assert "Answer by 09:10" in read
    assert "Promised by 09:15" in read
    assert kinds_of(ticket)[-1] == "paged"
    assert now_of(ticket).assignee_id is None


def test_whoever_has_the_link_reads_no_word_of_what_was_written(ticket):
    page, chi = Browser().get(link(ticket)), Browser()
    mine = chi.follow(press(page, ticket, chi))
    for one in (page, mine):
        assert SECRET not in one.text
        assert "rosa@shop.example" not in one.text
        assert "Rosa" not in one.text


def test_the_button_gives_it_to_whom_the_link_was_sent(ticket):
    chi = Browser()
    answer = press(chi.get(link(ticket)), ticket, chi)
    page = chi.follow(answer)
    assert "It is yours" in page.text
    assert f'href="/desk/tickets/{ticket.ticket_id}"' in page.text
    assert now_of(ticket).assignee_id == CHI.id
    (done,) = entries_of(ticket, "page_acknowledged")
    assert (done.by["id"], done.data["via"]) == (CHI.id, "link")
    assert "<button" not in page.text


def test_pressing_it_twice_takes_it_once_and_says_so(ticket):
    page, browser = Browser().get(link(ticket)), Browser()
    first, second = (press(page, ticket, browser) for _ in range(2))
    assert (first.status, second.status) == (303, 404)
    assert "the ticket is yours" in text_of(second)
    assert kinds_of(ticket).count("page_acknowledged") == 1


def test_the_address_one_ends_at_has_no_secret_in_it_and_is_of_this_browser_alone(ticket):
    browser = Browser()
    answer = press(browser.get(link(ticket)), ticket, browser)
    assert answer.headers["Location"] == f"/on-call/{ticket.ticket_id}"
    assert "It is yours" in browser.follow(answer).text
    assert Browser().get(answer.headers["Location"]).status == 404


def test_a_link_that_has_done_its_work_shows_nothing_more(ticket):
    address = link(ticket)
    press(Browser().get(address), ticket)
    page = Browser().get(address)
    assert page.status == 404
    assert "This link has been used" in page.text
    assert "Till" not in page.text


def test_every_mail_that_calls_somebody_has_a_link_of_its_own(ticket):
    first, second = link(ticket), link(ticket)
    press(Browser().get(first), ticket)
    assert Browser().get(second).status == 200


def test_the_pass_of_who_took_it_ends_after_an_hour(ticket):
    browser = Browser()
    answer = press(browser.get(link(ticket)), ticket, browser)
    clock.use(lambda: after(hours=1))
    assert browser.get(answer.headers["Location"]).status == 404


def test_a_ticket_given_back_has_no_button_without_a_new_mail(ticket):
    browser, called = Browser(), now_of(ticket).page
    answer = press(browser.get(link(ticket)), ticket, browser)
    ownership.unassign(ticket.ticket_id, LEA, MONDAY_9)
    again = now_of(ticket)
    again.page = called
    again.save()
    page = browser.follow(answer)
    assert "It waits again" in page.text
    assert "<button" not in page.text


def test_who_was_slower_reads_who_has_it(ticket):
    page = Browser().get(link(ticket))
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    answer = press(page, ticket)
    assert answer.status == 409
    assert "Ana Costa was faster" in text_of(answer)
    assert "I take it" not in answer.text
    assert now_of(ticket).assignee_id == ANA.id


def test_a_link_of_an_earlier_step_still_answers(ticket):
    tick(after(minutes=10))
    assert now_of(ticket).page["called"] == [CHI.id, BEN.id]
    chi = Browser()
    assert chi.follow(press(chi.get(link(ticket)), ticket, chi)).status == 200
    assert now_of(ticket).assignee_id == CHI.id


def test_what_is_solved_or_has_gone_elsewhere_calls_nobody_any_more(ticket):
    page = Browser().get(link(ticket))
    transfers.to_tier(ticket.ticket_id, 3, "", LEA, MONDAY_9)
    assert "It does not call you any more" in Browser().get(link(ticket)).text
    assert press(page, ticket).status == 403
    tickets.resolve(ticket.ticket_id, "Done.", None, LEA, MONDAY_9)
    assert "It does not call you any more" in Browser().get(link(ticket)).text
    assert press(page, ticket).status == 409
    assert now_of(ticket).assignee_id is None


@pytest.mark.parametrize("how", ["forged", "foreign", "expired", "empty", "odd", "nobody's"])
def test_a_key_that_is_not_for_this_ticket_opens_nothing(ticket, how):
    other, good = a_ticket(), link(ticket)
    wrong = {
        "forged": good[:-3] + "AAA",
        "foreign": link(other),
        "expired": link(ticket, at=after(days=-3)),
        "empty": f"/on-call/{ticket.ticket_id}",
        "odd": f"/on-call/{ticket.ticket_id}?key=%ED%A0%80.%00",
        "nobody's": link(ticket, LEA),
    }[how]
    key = wrong.partition("key=")[2]
    page = Browser().get(f"/on-call/{ticket.ticket_id}?key={key}")
    answer = Browser().post(f"/on-call/{ticket.ticket_id}", {"key": key or "x"})
    if how == "nobody's":  # signed by us, but it has not called her
        assert (page.status, answer.status) == (200, 403)
        assert "It does not call you any more" in page.text
    else:
        assert (page.status, answer.status) == (404, 404)
        assert "This link opens nothing" in page.text
        assert "Till" not in page.text
    assert now_of(ticket).assignee_id is None


def test_a_link_of_somebody_who_has_left_opens_nothing(ticket):
    page = Browser().get(link(ticket))
    members.remove(CHI.id, ADA, MONDAY_9)
    assert Browser().get(link(ticket)).status == 404
    assert press(page, ticket).status == 404


def test_a_form_of_another_site_or_without_the_key_takes_nothing(ticket):
    page, path = Browser().get(link(ticket)), f"/on-call/{ticket.ticket_id}"
    assert Browser().post(path, page.forms[path], sec_fetch_site="cross-site").status == 403
    assert Browser().post(path, page.forms[path], content_type="text/plain").status == 415
    assert Browser().post(path, {}).status == 404
    assert Browser().post(path, {**page.forms[path], "more": "x"}).status == 404
    assert now_of(ticket).assignee_id is None


def test_who_is_signed_in_makes_no_difference(ticket):
    lea = Browser().sign_in(LEA)
    page = lea.get(link(ticket))
    assert "for Chi Okafor" in text_of(page)
    assert press(page, ticket, lea).status == 303
    assert now_of(ticket).assignee_id == CHI.id


def test_the_page_keeps_to_the_strict_policy_and_out_of_caches(ticket):
    headers = Browser().get(link(ticket)).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"


def test_the_mail_leads_to_it(ticket):
    aws.queued("notifications")
    (paged,) = entries_of(ticket, "paged")
    told = {"ticket_id": ticket.ticket_id, "entry_id": paged.entry_id, "kind": "paged"}
    assert work(send_notifications, [told]) == {"batchItemFailures": []}
    (sent,) = aws.sent_mail_store()
    mail = email.message_from_string(sent.raw_data, policy=email.policy.default)
    text = mail.get_body(("plain",)).get_content()
    found = re.search(r"https://desk\.example(/on-call/\S+)", text)
    assert Browser().get(found[1]).status == 200
    assert mail["Subject"].startswith(f"P1 {ticket.ticket_id} needs you")
    assert mail["To"] == CHI.email
    assert SECRET not in text
