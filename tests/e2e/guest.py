"""What a guest does with a browser: asks, reads their mail, follows the link in it."""

from playwright.sync_api import Page, expect

from tests.e2e.local_desk import LocalDesk

SUBJECT = "The card terminal says connection refused"
STORY = "Since this morning, at both tills. We restarted them twice."


READS_FOR_MS = 2_100  # quicker than that is a program, where no proof of work says otherwise


def file_request(page: Page, email: str) -> str:
    """Fill the portal's form and send it; answers the number of the request."""
    fill_request(page, email)
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    return page.locator(".code").inner_text()


def fill_request(page: Page, email: str) -> None:
    page.goto("/")
    page.wait_for_timeout(READS_FOR_MS)
    page.get_by_label("What is the problem?").fill(SUBJECT)
    page.get_by_label("Everything has stopped").check()
    page.get_by_label("Tell us what happened").fill(STORY)
    page.get_by_label("Your mail address").fill(email)
    page.get_by_label("Your name").fill("Sol Varga")


def open_mail(page: Page, desk: LocalDesk, email: str, containing: str = "") -> Page:
    """Read the newest mail in the local mailbox and press its button, which opens a window."""
    mail = desk.wait_for_mail(email, containing)
    page.goto(f"/_local/mail?id={mail['id']}")
    button = page.frame_locator("iframe").get_by_role("link").last
    with page.context.expect_page() as opened:
        button.click()
    return opened.value


def show_request(page: Page) -> None:
    """The link of the mail asks once before it opens the request."""
    page.get_by_role("button", name="Show my request").click()
    expect(page.get_by_role("heading", level=1, name=SUBJECT)).to_be_visible()
