"""Many tickets of a list handed on at once; what cannot go stays ticked, with the reason."""

import pytest

from chalicelib.services import desk_settings, tickets, transfers
from tests.cast import ADA, ANA, BEN, CHI, LEA, MONDAY_9, OMAR, ROSA
from tests.factories import a_ticket, employ, employ_everyone, entries_of, kinds_of, now_of
from tests.integration.browser import Browser, Page
from tests.integration.outsiders import FIA, outsider
from tests.integration.page_text import text_of

pytestmark = pytest.mark.usefixtures("cloud")

PATH = "/desk/transfers"
NETWORK = {"id": "network", "name": "Network"}


@pytest.fixture
def ana() -> Browser:
    employ_everyone()
    desk_settings.put_team(NETWORK, ADA, MONDAY_9)
    return Browser().sign_in(ANA)


def ticked(*chosen) -> dict[str, str]:
    return {f"pick-{one.ticket_id}": "yes" for one in chosen}


def send(browser: Browser, *chosen, view: str = "all", **fields: str) -> Page:
    page = browser.get(f"/desk?view={view}")
    return browser.submit(page, PATH, **ticked(*chosen), **fields)


def is_ticked(page: Page, ticket) -> bool:
    return f'name="pick-{ticket.ticket_id}" value="yes" checked' in page.text


@pytest.mark.parametrize(
    ("to", "where", "who"),
    [
        ("me", "you", ANA.id),
        (f"person:{CHI.id}", "Chi Okafor", CHI.id),
        ("team:network", "the team Network", None),
        ("tier:2", "tier 2", None),
    ],
)
def test_what_was_chosen_goes_and_the_list_says_what_went_where(ana, to, where, who):
    one, two, other = (a_ticket() for _ in range(3))
    answer = send(ana, one, two, to=to, note="Both at the <shop>")
    assert answer.headers["Location"].startswith("/desk?view=all&")
    said = text_of(ana.follow(answer))
    assert f"Gone to {where}:" in said
    for ticket in (one, two):
        assert ticket.ticket_id in said
        assert now_of(ticket).assignee_id == who
        assert entries_of(ticket)[-1].data["note"] == "Both at the <shop>"
    assert kinds_of(other) == ["opened"]


def test_one_that_cannot_go_keeps_no_other_and_stays_ticked_with_the_reason(ana):
    free, there, solved = (a_ticket() for _ in range(3))
    transfers.to_tier(there.ticket_id, 2, "", LEA, MONDAY_9)
    page = ana.get("/desk")
    tickets.resolve(solved.ticket_id, "Done.", None, BEN, MONDAY_9)
    chosen = ticked(free, there, solved)
    answer = ana.submit(page, PATH, **chosen, to="tier:2", note="It needs a specialist")
    assert answer.status == 409
    said = text_of(answer)
    assert f"Gone to tier 2: {free.ticket_id}." in said
    assert "2 stayed where they were" in said
    assert f"{there.ticket_id}: This ticket is in tier 2 already." in said
    assert f"{solved.ticket_id}: This ticket is resolved; reopen it first." in said
    assert is_ticked(answer, there)
    assert not is_ticked(answer, free)
    assert 'value="It needs a specialist"' in answer.text
    assert '<option value="tier:2" selected>' in answer.text
    again = ana.submit(answer, PATH, **ticked(there), to=f"person:{BEN.id}", note="")
    assert again.status == 303
    assert now_of(there).assignee_id == BEN.id


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("", "Choose where it shall go."),
        ("team:nowhere", "There is no such team."),
        ("person:P-NOBODY", "There is no such agent."),
        ("tier:0", "There is no such tier."),
        ("team:", "There is no such team."),
        ("<b>", "There is no such tier."),
    ],
)
def test_a_goal_that_there_is_not_is_refused_with_the_choice_and_the_note_kept(ana, to, words):
    one, other = a_ticket(), a_ticket()
    answer = send(ana, one, view="unassigned", to=to, note='"><script>alert(1)</script>')
    assert answer.status == 422
    assert 'id="to-error"' in answer.text
    assert words in answer.text
    assert is_ticked(answer, one)
    assert not is_ticked(answer, other)
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
    assert "<h1>Unassigned</h1>" in answer.text
    assert kinds_of(one) == ["opened"]


def test_without_a_choice_nothing_goes_and_what_was_typed_stays(ana):
    ticket = a_ticket()
    answer = send(ana, to="tier:2", note="Kept words")
    assert answer.status == 422
    assert "Tick the tickets that shall go." in answer.text
    assert "Kept words" in answer.text
    assert kinds_of(ticket) == ["opened"]


def test_a_note_that_is_too_long_is_refused_at_its_field(ana):
    one = a_ticket()
    answer = send(ana, one, to="tier:2", note="x" * 2001)
    assert answer.status == 422
    assert 'id="note-error"' in answer.text
    assert is_ticked(answer, one)


def test_boxes_that_no_list_of_ours_has_are_left_out(ana):
    forged = {"pick-<script>": "yes", "pick-HD-0000000": "yes", "pick-": "yes"}
    one = a_ticket()
    answer = ana.submit(ana.get("/desk"), PATH, **forged, **ticked(one), to="tier:2")
    assert answer.status == 409
    assert "1 stayed where it was" in text_of(answer)
    assert "HD-0000000: There is no such ticket." in text_of(answer)
    assert "<script>" not in answer.text
    assert int(now_of(one).tier) == 2


def test_too_many_at_once_are_refused_whole(ana):
    one = a_ticket()
    many = {f"pick-HD-{number:07d}": "yes" for number in range(60)}
    answer = ana.submit(ana.get("/desk"), PATH, **many, **ticked(one), to="tier:2")
    assert answer.status == 422
    assert "Choose 1 to 50 tickets." in answer.text
    assert int(now_of(one).tier) == 1


@pytest.mark.parametrize("body", [b"to=tier:2&to=tier:3", b"&".join([b"a=1"] * 200)])
def test_a_body_that_no_form_sends_is_answered_with_the_list(ana, body):
    csrf = ana.get("/desk").forms["/sign-out"]["csrf"].encode()
    answer = ana.post(PATH, body + b"&csrf=" + csrf)
    assert answer.status == 422
    assert "<h1>All open</h1>" in answer.text


def test_a_form_of_another_site_moves_nothing(ana):
    one = a_ticket()
    page = ana.get("/desk")
    sent = {**page.forms[PATH], **ticked(one), "to": "tier:2"}
    assert ana.post(PATH, {**sent, "csrf": "forged"}).status == 403
    assert ana.post(PATH, sent, sec_fetch_site="cross-site").status == 403
    assert Browser().post(PATH, sent).headers["Location"] == "/sign-in"
    employ(ROSA)
    rosa = Browser().sign_in(ROSA)
    mine = {**sent, "csrf": rosa.get("/requests").forms["/sign-out"]["csrf"]}
    assert rosa.post(PATH, mine).status == 403
    assert int(now_of(one).tier) == 1


def test_an_outside_group_moves_only_what_it_sees():
    outsider()
    employ(ANA, LEA)
    own, foreign = a_ticket(), a_ticket(OMAR)
    transfers.to_team(own.ticket_id, "field", "", LEA, MONDAY_9)
    fia = Browser().sign_in(FIA)
    answer = fia.submit(fia.get("/desk"), PATH, **ticked(own, foreign), to="me")
    assert f"{foreign.ticket_id}: There is no such ticket." in text_of(answer)
    assert (now_of(own).assignee_id, now_of(foreign).assignee_id) == (FIA.id, None)


def test_the_address_of_the_form_alone_leads_to_the_list(ana):
    assert ana.get(PATH).headers["Location"] == "/desk"


def test_what_is_solved_cannot_be_chosen(ana):
    ticket = a_ticket()
    tickets.resolve(ticket.ticket_id, "Done.", None, BEN, MONDAY_9)
    page = ana.get("/desk?view=resolved")
    assert ticket.ticket_id in page.text
    assert "pick-" not in page.text


def test_a_link_that_says_what_went_can_claim_no_more_than_words(ana):
    page = ana.get("/desk?done=transfer&to=team:%3Cb%3E&moved=HD-1234567.%3Cscript%3E")
    assert page.status == 200
    assert "<script>alert" not in page.text
    assert "HD-1234567" in page.text


def test_a_list_of_a_priority_and_a_page_is_come_back_to(ana):
    one = a_ticket()
    page = ana.get("/desk?view=tier1&priority=P3")
    answer = ana.submit(page, PATH, **ticked(one), to="me")
    assert answer.headers["Location"].startswith("/desk?view=tier1&priority=P3&")
