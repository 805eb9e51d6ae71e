"""A guest asks for help with a browser and follows the request by the link in the mail."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import guest
from tests.e2e.local_desk import LocalDesk
from tests.e2e.visitors import PHONE, Visitors

WINDOWS: dict[str, dict[str, Any]] = {
    "with JavaScript": {"timezone_id": "Asia/Tokyo", "locale": "en-GB"},
    "without JavaScript": {"java_script_enabled": False},
    "on a phone": PHONE,
    "on a phone without JavaScript": {**PHONE, "java_script_enabled": False},
}


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
def test_a_guest_files_a_request_reads_the_mail_and_follows_the_request(
    visitors: Visitors, desk: LocalDesk, address: Callable[[str], str], window: dict[str, Any]
) -> None:
    page, email = visitors.come(**window), address("guest")
    number = guest.file_request(page, email)
    page = guest.open_mail(page, desk, email, number)
    guest.show_request(page)
    expect(page.get_by_text(guest.STORY)).to_be_visible()
    page.get_by_label("Write to us").fill("It began after the update.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".say.ok")).to_have_text("Thank you. Your message has reached us.")
    expect(page.get_by_text("It began after the update.")).to_be_visible()
    assert desk.call("ana").kinds(number).count("reply") == 1
    without = window.get("java_script_enabled") is False
    tags = desk.call("ana").get(f"/api/v1/tickets/{number}").json()["tags"]
    assert tags == (["unverified"] if without else [])  # a proof of work came along


@pytest.mark.parametrize("window", [{}, {"java_script_enabled": False}], ids=["with", "without"])
def test_all_of_ones_requests_are_shown_by_a_mailed_link_once(
    visitors: Visitors, desk: LocalDesk, address: Callable[[str], str], window: dict[str, Any]
) -> None:
    page, email = visitors.come(**window), address("all")
    guest.file_request(page, email)
    page.goto("/requests")
    page.get_by_label("Your mail address").fill(email)
    page.get_by_role("button", name="Mail me the link").click()
    expect(page.get_by_role("status")).to_contain_text("Look into your mail")
    page = guest.open_mail(page, desk, email, "works once")
    page.get_by_role("button", name="Show my requests").click()
    page.get_by_role("link", name=guest.SUBJECT).click()
    expect(page.get_by_text(guest.STORY)).to_be_visible()
    page.goto("/requests")
    page.get_by_role("button", name="Close it now").click()
    expect(page.get_by_label("Your mail address")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/sent/HD-ABCDEFG", "/sign-in", "/docs/api", "/_local/mail"])
def test_a_page_is_no_wider_than_a_phone(visitors: Visitors, path: str) -> None:
    page = visitors.come(**PHONE)
    page.goto(path)
    assert overhang(page) <= 0


def test_the_request_page_is_no_wider_than_a_phone(
    visitors: Visitors, desk: LocalDesk, address: Callable[[str], str]
) -> None:
    page, email = visitors.come(**PHONE), address("narrow")
    guest.file_request(page, email)
    page = guest.open_mail(page, desk, email)
    guest.show_request(page)
    assert overhang(page) <= 0


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_form_that_misses_something_says_what_and_keeps_the_rest(
    visitors: Visitors, scripts: bool
) -> None:
    page = visitors.come(java_script_enabled=scripts)
    page.goto("/")
    page.get_by_label("Tell us what happened").fill(guest.STORY)
    page.get_by_label("Your mail address").fill("nobody")
    page.get_by_role("button", name="Send request").click()
    problems = page.get_by_role("alert")
    expect(problems.get_by_role("listitem")).to_have_count(3)
    expect(page.get_by_label("Tell us what happened")).to_have_value(guest.STORY)
    expect(page.get_by_label("Your mail address")).to_have_value("nobody")


def test_times_are_shown_in_the_zone_of_the_reader(
    visitors: Visitors, desk: LocalDesk, address: Callable[[str], str]
) -> None:
    page, email = visitors.come(timezone_id="Asia/Tokyo", locale="en-GB"), address("tokyo")
    guest.file_request(page, email)
    page = guest.open_mail(page, desk, email)
    guest.show_request(page)
    moment = page.locator("time[data-show]").first
    title = moment.get_attribute("title") or ""
    assert "Japan" in title or "GMT+9" in title


def test_pressing_send_twice_makes_one_request(
    visitors: Visitors, desk: LocalDesk, address: Callable[[str], str]
) -> None:
    page, email = visitors.come(java_script_enabled=False), address("twice")
    guest.fill_request(page, email)
    page.get_by_role("button", name="Send request").dblclick()
    expect(page.locator(".code")).to_be_visible()
    desk.wait_for_mail(email)
    found = desk.call("ana").get(f"/api/v1/tickets?requester={email}").json()["items"]
    assert [one["id"] for one in found] == [page.locator(".code").inner_text()]


def overhang(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return wide
