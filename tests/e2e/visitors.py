"""People with a browser: windows of Debian's Chromium, and what their consoles complain of."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, WebError, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
}
PATIENCE_MS = 10_000
REFUSED_PAGE = "Failed to load resource: the server responded with a status of"


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of this machine; nothing is downloaded."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    assert program, "There is no Chromium on this machine: install the package chromium."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


class Visitors:
    """Everybody who comes in one test, each with a window and cookies of their own."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self._browser, self._base_url = browser, base_url
        self.complaints: list[str] = []

    def come(self, **window: Any) -> Page:
        """A fresh window; it may be without JavaScript, or a phone's."""
        context = self._browser.new_context(base_url=self._base_url, **window)
        context.set_default_timeout(PATIENCE_MS)
        context.on("console", self._note)
        context.on("weberror", self._note_error)
        return context.new_page()

    def sign_in(self, person: dict[str, Any], **window: Any) -> Page:
        """Somebody with an account, at the desk or at their own requests."""
        page = self.come(**window)
        page.goto("/desk" if person["role"] != "requester" else "/sign-in")
        page.get_by_label("Mail address").fill(person["email"])
        page.get_by_label("Password").fill(person["password"])
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        return page

    def leave(self) -> None:
        for context in self._browser.contexts:
            context.close()

    def _note(self, message: ConsoleMessage) -> None:
        """Chromium reports a page's own 404 or 422 as well; that is an answer, not a fault."""
        page, address = message.page, message.location["url"]
        is_refusal = message.text.startswith(REFUSED_PAGE) and page and address == page.url
        if message.type in ("error", "warning") and not is_refusal:
            self.complaints.append(f"{message.type} at {address}: {message.text}")

    def _note_error(self, error: WebError) -> None:
        self.complaints.append(f"uncaught: {error.error}")
