"""Opening a ticket that one was given: a form accepts it by itself, and what is written stays."""

import pytest
from playwright.sync_api import expect

from tests.e2e.local_desk import LocalDesk
from tests.e2e.visitors import Visitors
from tests.e2e.waiting import eventually

API = "/api/v1"


def given(desk: LocalDesk) -> tuple[str, str]:
    """A new ticket, and the first name of whom the machine gave it to."""
    number = desk.call("lea").open_ticket()["id"]

    def assignee() -> str:
        ticket = desk.call("lea").get(f"{API}/tickets/{number}").json()
        return str((ticket["assignee"] or {}).get("name") or "")

    return number, eventually(assignee).split()[0].lower()


def test_opening_it_accepts_it_and_the_next_message_is_not_held_back(
    visitors: Visitors, desk: LocalDesk
) -> None:
    number, who = given(desk)
    page = visitors.sign_in(desk.person(who))
    page.goto(f"/desk/tickets/{number}")
    expect(page.get_by_text("You have accepted the ticket.")).to_be_visible()
    expect(page.get_by_text("not accepted yet")).to_have_count(0)
    assert desk.call(who).kinds(number)[-1] == "accepted"
    page.get_by_label("Your message").fill("We look into it.")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_text("Your message is in the conversation.")).to_be_visible()
    assert desk.call(who).kinds(number).count("accepted") == 1


@pytest.mark.parametrize("scripts", [False])
def test_without_javascript_there_is_a_button(
    visitors: Visitors, desk: LocalDesk, scripts: bool
) -> None:
    number, who = given(desk)
    page = visitors.sign_in(desk.person(who), java_script_enabled=scripts)
    page.goto(f"/desk/tickets/{number}")
    expect(page.get_by_text("Given to you, not accepted yet.")).to_be_visible()
    assert "accepted" not in desk.call(who).kinds(number)
    page.get_by_role("button", name="Accept", exact=True).first.click()
    expect(page.get_by_text("You have accepted the ticket.")).to_be_visible()
