"""An agent signs in at the desk and answers; the requester reads it."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e import guest
from tests.e2e.local_desk import LocalDesk
from tests.e2e.visitors import Visitors

ANSWER = "The line of the terminals is reset. Please try a card now."
NOTE = "The provider changed its addresses; see the change calendar."
SOLUTION = "The terminals know the new addresses of the provider."


def test_an_agent_answers_at_the_desk_and_the_requester_sees_it(
    visitors: Visitors, desk: LocalDesk, address: Callable[[str], str]
) -> None:
    email = address("asks")
    visitor = visitors.come()
    number = guest.file_request(visitor, email)
    request = guest.open_mail(visitor, desk, email)
    guest.show_request(request)

    agent = visitors.sign_in(desk.person("ana"))
    expect(agent.get_by_role("heading", level=1)).to_be_visible()
    agent.get_by_role("row").filter(has_text=number).get_by_role("link").click()
    agent.get_by_label("Internal note").check()
    agent.get_by_label("Your message").fill(NOTE)
    agent.get_by_role("button", name="Save note").click()
    expect(agent.get_by_text(NOTE)).to_be_visible()
    agent.get_by_label("Your message").fill(ANSWER)
    agent.get_by_role("button", name="Send reply").click()
    expect(agent.get_by_role("status").first).to_have_text("Your message is in the conversation.")
    expect(agent.get_by_text(ANSWER)).to_be_visible()

    request.reload()
    expect(request.get_by_text(ANSWER)).to_be_visible()
    expect(request.get_by_text(NOTE)).to_have_count(0)
    assert ANSWER in desk.wait_for_mail(email, ANSWER)["html"]

    agent.locator("#do-resolution summary").click()
    agent.get_by_label("What solved it?").fill(SOLUTION)
    agent.get_by_role("button", name="Mark as solved").click()
    expect(agent.get_by_role("status").first).to_have_text("The ticket is solved.")
    request.reload()
    expect(request.get_by_text("This request is solved")).to_be_visible()
    desk.wait_for_mail(email, SOLUTION)
    assert not any(NOTE in mail["text"] + mail["html"] for mail in desk.mails(email))


def test_an_agent_without_javascript_takes_a_ticket_and_escalates_it(
    visitors: Visitors, desk: LocalDesk, address: Callable[[str], str]
) -> None:
    email = address("plain")
    number = desk.call("ana").open_ticket(requester={"email": email})["id"]
    desk.wait_for_mail(email)
    agent = visitors.sign_in(desk.person("lea"), java_script_enabled=False)
    agent.goto(f"/desk/tickets/{number}")
    agent.get_by_role("button", name="Take it").click()
    expect(agent.get_by_role("status").first).to_have_text("The assignee has changed.")
    agent.locator("#do-escalation summary").click()
    agent.get_by_label("Why does it need the next tier?").fill("It needs the network team.")
    agent.get_by_label("What was tried?").fill("Another cable, another port.")
    agent.get_by_role("button", name="Escalate", exact=True).click()
    expect(agent.get_by_role("status").first).to_have_text("The ticket has moved up.")
    assert desk.call("ana").get(f"/api/v1/tickets/{number}").json()["tier"] == 2


def test_a_reply_written_while_another_came_is_held_back_and_kept(
    visitors: Visitors, desk: LocalDesk, address: Callable[[str], str]
) -> None:
    email = address("collides")
    number = desk.call("ana").open_ticket(requester={"email": email})["id"]
    desk.wait_for_mail(email)
    agent = visitors.sign_in(desk.person("ana"))
    agent.goto(f"/desk/tickets/{number}")
    agent.get_by_label("Your message").fill(ANSWER)
    desk.call("ben").post(f"/api/v1/tickets/{number}/replies", {"body": "I am on it."})
    agent.get_by_role("button", name="Send reply").click()
    expect(agent.get_by_role("alert")).to_contain_text("the ticket changed while you were writing")
    expect(agent.get_by_label("Your message")).to_have_value(ANSWER)
    agent.get_by_role("button", name="Send reply").click()
    expect(agent.get_by_role("status").first).to_have_text("Your message is in the conversation.")
    said = [
        one["data"]["body"] for one in desk.call("ana").timeline(number) if one["kind"] == "reply"
    ]
    assert said == ["I am on it.", ANSWER]


def test_a_wrong_password_is_refused_in_words(visitors: Visitors, desk: LocalDesk) -> None:
    page = visitors.sign_in({**desk.person("ana"), "password": "not-the-password"})
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Mail address")).to_have_value(desk.person("ana")["email"])
    page.goto("/desk")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_who_signs_out_is_out(visitors: Visitors, desk: LocalDesk) -> None:
    page = visitors.sign_in(desk.person("ben"))
    page.get_by_role("button", name="Sign out").click()
    page.goto("/desk")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
