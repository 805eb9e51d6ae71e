"""A ticket handed on from its page: to a person, a team or a tier; and what outside groups see."""

import pytest

from chalicelib.handlers.pages import goals
from chalicelib.services import desk_settings, ownership, transfers
from tests.cast import ADA, ANA, BEN, DEV, LEA, MONDAY_9
from tests.factories import a_ticket, employ, employ_everyone, entries_of, kinds_of, now_of
from tests.integration.browser import Browser, Page
from tests.integration.outsiders import FIA, outsider
from tests.integration.page_text import text_of

pytestmark = pytest.mark.usefixtures("cloud")

NETWORK = {"id": "network", "name": "Network & <b>lines</b>"}
HOSTILE = "<script>alert(1)</script> ⟦2026-99-99T99:99:99Z⟧"


@pytest.fixture
def ana() -> Browser:
    employ_everyone()
    return Browser().sign_in(ANA)


def path_of(ticket) -> str:
    return f"/desk/tickets/{ticket.ticket_id}"


def send(browser: Browser, ticket, step: str, **fields: str) -> Page:
    page = browser.get(path_of(ticket))
    return browser.submit(page, f"{path_of(ticket)}/{step}", **fields)


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        (f"person:{BEN.id}", "assigned it to Ben Ito"),
        ("me", "took it"),
        ("tier:3", "sent it to tier 3"),
        ("team:network", "sent it to the team Network &amp; &lt;b&gt;lines&lt;/b&gt;"),
    ],
)
def test_a_ticket_is_handed_on_with_a_note_that_is_shown_as_it_was_written(ana, to, sentence):
    desk_settings.put_team(NETWORK, ADA, MONDAY_9)
    ticket = a_ticket()
    note = f"Two things:\n\n1. the lag\n2. {HOSTILE}"
    assert send(ana, ticket, "transfer", to=to, note=note).status == 303
    page = ana.get(path_of(ticket))
    assert page.status == 200
    assert sentence in page.text
    assert "Two things:" in page.text and "the lag" in page.text and "&lt;script&gt;" in page.text
    assert "<script>alert" not in page.text
    assert entries_of(ticket)[-1].data["note"] == note


def test_taking_over_names_whom_from(ana):
    ticket = a_ticket()
    ownership.assign(ticket.ticket_id, "me", BEN, MONDAY_9)
    assert "Take it over from Ben Ito" in text_of(ana.get(path_of(ticket)))
    send(ana, ticket, "assignment", assignee="me")
    assert "took it over from Ben Ito" in text_of(ana.get(path_of(ticket)))


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("", "Choose where it shall go."),
        ("tier:9", "There is no such tier."),
        ("tier:x", "There is no such tier."),
        ("tier:", "There is no such tier."),
        ("team:nowhere", "There is no such team."),
        ("team:", "There is no such team."),
        ("person:P-NOBODY", "There is no such agent."),
        ("person:", "There is no such agent."),
        ("nonsense", "There is no such tier."),
    ],
)
def test_a_goal_that_there_is_not_is_refused_at_its_field_with_the_note_kept(ana, to, words):
    ticket = a_ticket()
    answer = send(ana, ticket, "transfer", to=to, note="All of <it>")
    assert answer.status == 422
    assert 'id="transfer-to-error"' in answer.text
    assert words in answer.text
    assert "All of &lt;it&gt;" in answer.text
    assert kinds_of(ticket) == ["opened"]


def test_handing_on_what_has_changed_meanwhile_is_held_back_with_its_note(ana):
    ticket = a_ticket()
    page = ana.get(path_of(ticket))
    ownership.assign(ticket.ticket_id, "me", BEN, MONDAY_9)
    answer = ana.submit(page, f"{path_of(ticket)}/transfer", to="tier:2", note="Kept words")
    assert answer.status == 409
    assert "Kept words" in answer.text
    assert int(now_of(ticket).tier) == 1


def test_where_a_ticket_is_already_it_cannot_be_sent(ana):
    ticket = a_ticket()
    answer = send(ana, ticket, "transfer", to="tier:1", note="x")
    assert answer.status == 409
    assert "in tier 1 already" in answer.text


def test_an_outside_group_sees_its_own_tickets_and_no_numbers_of_others():
    outsider()
    employ(ANA, LEA)
    own, foreign = a_ticket(subject="In the field"), a_ticket(subject="In the house")
    transfers.to_team(own.ticket_id, "field", "", LEA, MONDAY_9)
    fia = Browser().sign_in(FIA)
    for path in ("/desk", "/desk?view=all", "/desk?view=tier1", "/desk?view=team"):
        page = fia.get(path)
        assert "In the field" in page.text
        assert "In the house" not in page.text
        assert 'class="n ' not in page.text  # no number beside any view
    for hidden in ("/desk?view=all", "/desk?view=tier1", "/desk/queues", "/reports", "/settings"):
        assert f'href="{hidden}"' not in page.text
    for path, status in {"/desk/queues": 403, "/reports": 403, "/settings": 403,
                         path_of(foreign): 404, path_of(own): 200}.items():  # fmt: skip
        assert fia.get(path).status == status
    assert "Ana Costa" not in fia.get(path_of(own)).text


def test_what_an_outside_group_gives_back_leaves_its_sight_without_an_error():
    outsider()
    desk_settings.put_team(NETWORK, ADA, MONDAY_9)
    employ(LEA)
    ticket = a_ticket()
    transfers.to_team(ticket.ticket_id, "field", "", LEA, MONDAY_9)
    fia = Browser().sign_in(FIA)
    done = fia.follow(send(fia, ticket, "transfer", to="team:network", note="Not ours"))
    assert done.status == 200
    assert "Gone to somebody else." in text_of(done)
    assert fia.get(path_of(ticket)).status == 404


def test_of_a_great_many_people_those_of_ones_own_team_come_first(monkeypatch, ana):
    monkeypatch.setattr(goals, "MOST_LISTED", 1)
    desk_settings.put_team(NETWORK, ADA, MONDAY_9)
    employ(ANA, DEV, team="network")
    page = ana.get(path_of(a_ticket())).text
    assert "Dev Rao · tier 3" in page
    assert "Ben Ito · tier 1" not in page
