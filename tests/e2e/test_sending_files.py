"""A file that is still on its way when the form is sent: the form waits for it."""

from collections.abc import Callable

from playwright.sync_api import Route, expect

from tests.e2e import guest
from tests.e2e.local_desk import LocalDesk
from tests.e2e.visitors import Visitors

NOTE = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"Since nine."}
WOULD_BE_SENT_MS = 3_000  # the proof of work is done by then


def test_a_new_request_goes_out_when_its_file_has_arrived_and_carries_it(
    visitors: Visitors, desk: LocalDesk, address: Callable[[str], str]
) -> None:
    page, held = visitors.come(), list[Route]()
    page.route("**/uploads", lambda route: held.append(route))  # a slow line
    guest.fill_request(page, address("file"))
    page.locator("input[type=file]").set_input_files([NOTE])  # type: ignore[list-item]
    send = page.get_by_role("button", name="Send request")
    send.click()
    expect(page.get_by_text("Your message goes out when all files have arrived.")).to_be_visible()
    page.wait_for_timeout(WOULD_BE_SENT_MS)
    expect(send).to_be_visible()
    held.pop().continue_()
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    number = page.locator(".code").inner_text()
    ticket = desk.call("ana").get(f"/api/v1/tickets/{number}").json()
    assert [one["name"] for one in ticket["attachments"]] == ["note.txt"]
