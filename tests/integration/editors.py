"""Working an editor of the settings pages: change some of its fields and press a button."""

from tests.integration.browser import Browser, Page
from tests.integration.fields import fields_of


def sent(browser: Browser, path: str, do: str = "save", /, **typed: str) -> Page:
    """What the page of a setting holds, with some of it typed anew; an empty text unticks a box."""
    return browser.post(path, {**filled(browser.get(path), path), "do": do, **typed})


def pressed(browser: Browser, path: str, do: str) -> Page:
    """A button that says all."""
    return browser.post(path, {"csrf": browser.get(path).forms[path]["csrf"], "do": do})


def filled(page: Page, path: str) -> dict[str, str]:
    """The fields of an editor as the page shows them."""
    return fields_of(page, path)


def plain(page: Page) -> str:
    """The text of a page with its spaces made single."""
    return " ".join(page.text.split())
