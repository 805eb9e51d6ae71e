"""Somebody connects a tool with a browser; what it sends is read, mapped and replayed."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.local_desk import LocalDesk
from tests.e2e.test_every_page import WAYS, links, see
from tests.e2e.visitors import PHONE, Visitors

PAGES = ["/settings/integrations", "/settings/integrations/new",
         "/settings/integrations/new?source=generic", "/settings/integrations/new?source=sns",
         "/settings/alert-rules", "/settings/alert-rules/new", "/settings/maintenance",
         "/settings/maintenance/new", "/desk/deliveries"]  # fmt: skip
TILL = {"alert": {"key": "till-4", "name": "Till 4 is offline"}, "state": "down"}


@pytest.mark.parametrize("scripts", WAYS.values(), ids=WAYS)
def test_the_pages_of_monitoring_open_without_a_complaint(
    visitors: Visitors, desk: LocalDesk, scripts: bool
) -> None:
    page = visitors.sign_in(desk.person("ada"), java_script_enabled=scripts)
    for path in PAGES:
        see(page, path)
        for more in links(page, ".calendars h2 a, .rules h2 a, .window h2 a, .looks.wide a"):
            see(page, more)


def test_on_a_phone_no_page_of_monitoring_is_wider_than_the_screen(
    visitors: Visitors, desk: LocalDesk
) -> None:
    page = visitors.sign_in(desk.person("ada"), **PHONE)
    for path in PAGES:
        see(page, path)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["viewport"]["width"], path  # type: ignore[index]


def test_a_tool_is_connected_and_what_it_sends_is_mapped_and_replayed(
    visitors: Visitors, desk: LocalDesk
) -> None:
    ada = visitors.sign_in(desk.person("ada"))
    address = connect(ada, "tills", "Tills of the e2e shop")
    assert desk.call().post(urlsplit(address).path, TILL).status == 202
    ana = visitors.sign_in(desk.person("ana"), java_script_enabled=False)
    opened(ana, "/desk/deliveries", "Tills of the e2e shop")
    ana.get_by_label("Identity").fill("alert.key")
    ana.get_by_label("Title").fill("alert.name")
    ana.get_by_role("button", name="Store it and replay").click()
    expect(ana.get_by_role("status")).to_contain_text("sent through again")
    home = "/desk/integrations/tills/deliveries"
    ticket = found(ana, home, ana.locator("td a", has_text=re.compile("^HD-")))
    ticket.first.click()
    expect(ana.get_by_role("heading", level=1)).to_have_text("Till 4 is offline")
    expect(ana.locator("#alerts")).to_contain_text("firing")


def test_a_test_shows_on_the_page_what_it_would_do(visitors: Visitors, desk: LocalDesk) -> None:
    ada = visitors.sign_in(desk.person("ada"))
    connect(ada, "quiet", "A quiet tool")
    ada.get_by_role("button", name="Send a test").click()
    said = ada.locator(".sent-list", has_text="would open a")
    expect(found(ada, "/settings/integrations/quiet", said)).to_be_visible()


def connect(ada: Page, integration_id: str, name: str) -> str:
    """Answers the address that the page gives to be pasted."""
    ada.goto("/settings/integrations")
    ada.get_by_role("link", name="New integration").click()
    ada.get_by_role("link", name="Anything that sends JSON").click()
    ada.get_by_label("Name", exact=True).fill(name)
    ada.get_by_label("Id", exact=True).fill(integration_id)
    ada.get_by_role("button", name="Store it").last.click()
    expect(ada.get_by_role("status")).to_contain_text("It is stored.")
    return ada.locator("#the-address").inner_text()


def opened(page: Page, path: str, name: str) -> None:
    """The newest delivery of a list that is an integration's, once it is there."""
    row = page.locator("tr", has_text=name)
    found(page, path, row)
    row.first.get_by_role("link").first.click()


def found(page: Page, path: str, wanted: Locator) -> Locator:
    """What appears on a page, which is loaded again until it does."""
    for _ in range(60):
        page.goto(path)
        if wanted.count():
            return wanted
        page.wait_for_timeout(300)
    raise AssertionError(f"{path} does not show it")
