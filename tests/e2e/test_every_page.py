"""Every page that somebody can reach: it answers, and no console has anything to complain of."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.local_desk import LocalDesk
from tests.e2e.visitors import Visitors

FOR_ALL = ["/", "/sent/HD-ABCDEFG", "/requests", "/sign-in", "/docs/api", "/_local/mail",
           "/_local/queues"]  # fmt: skip
WORKSPACE = ["/reports", "/reports?month=2026-01", "/settings", "/settings/sla-policies",
             "/settings/sla-policies/new", "/settings/sla-policies/standard",
             "/settings/calendars", "/settings/calendars/new", "/settings/calendars/24x7",
             "/settings/branches", "/settings/jobs", "/settings/people", "/settings/people/new",
             "/settings/teams", "/settings/teams/new", "/settings/shifts",
             "/settings/routing-rules", "/settings/routing-rules/new", "/settings/on-call",
             "/settings/on-call/new", "/desk/queues", "/desk/on-call",
             "/desk/availability"]  # fmt: skip
UNKNOWN = ["/nowhere", "/requests/HD-ABCDEFG?key=forged", "/desk/nowhere", "/desk/tickets/x/y/z",
           "/sent/nonsense", "/static/nothing.css", "/api/v1/nowhere", "/api/v2/tickets",
           "/hooks/alertmanager", "/.env", "/_local/nowhere", "/%00", "/a%2Fb", "/..%2f..%2fetc",
           "//nowhere", "/api/v1/tickets/HD-ABCDEFG/nowhere"]  # fmt: skip
METHODS = [("DELETE", "/"), ("PUT", "/sign-in"), ("POST", "/docs/api"), ("PATCH", "/nowhere"),
           ("BREW", "/"), ("POST", "/healthz"), ("DELETE", "/api/v1/tickets")]  # fmt: skip
WAYS = {"with JavaScript": True, "without JavaScript": False}


@pytest.mark.parametrize("scripts", WAYS.values(), ids=WAYS)
def test_every_page_for_everybody_opens_without_a_complaint(
    visitors: Visitors, scripts: bool
) -> None:
    page = visitors.come(java_script_enabled=scripts)
    for path in FOR_ALL:
        see(page, path)


def test_every_view_of_the_desk_opens_without_a_complaint(
    visitors: Visitors, desk: LocalDesk
) -> None:
    page = visitors.sign_in(desk.person("lea"))
    expect(page.get_by_role("navigation", name="Views")).to_be_visible()
    views = links(page, "nav[aria-label=Views] a")
    assert len(views) > 5
    for path in [*views, *links(page, "nav.filters a"), *links(page, ".pager a")]:
        see(page, path)


@pytest.mark.parametrize("scripts", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("who", [pytest.param("lea", marks=pytest.mark.exhaustive), "ada"])
def test_reports_and_settings_open_without_a_complaint(
    visitors: Visitors, desk: LocalDesk, who: str, scripts: bool
) -> None:
    page = visitors.sign_in(desk.person(who), java_script_enabled=scripts)
    expect(page.get_by_role("link", name="Settings")).to_be_visible()
    for path in WORKSPACE:
        see(page, path)
        for more in links(page, ".policies h2 a, .calendars h2 a, table.plain td a, .jobs a"):
            see(page, more)


def test_tickets_in_every_status_open_without_a_complaint(
    visitors: Visitors, desk: LocalDesk
) -> None:
    page = visitors.sign_in(desk.person("chi"))
    for status in ("new", "open", "pending", "on_hold", "resolved", "closed", "cancelled"):
        found = desk.call("chi").get(f"/api/v1/tickets?status={status}&limit=1").json()["items"]
        assert found, f"the demo desk has no ticket that is {status}"
        see(page, f"/desk/tickets/{found[0]['id']}")
        expect(page.get_by_role("heading", level=1)).to_have_text(found[0]["subject"])


def test_a_requester_with_an_account_sees_their_own_requests_only(
    visitors: Visitors, desk: LocalDesk
) -> None:
    own = desk.call("rosa").open_ticket(requester={"email": desk.person("rosa")["email"]})["id"]
    foreign = desk.call("ana").open_ticket()["id"]
    page = visitors.sign_in(desk.person("rosa"))
    page.locator(f"main a[href$='/{own}']").click()
    expect(page.get_by_text(own)).to_be_visible()
    for path in (f"/requests/{foreign}", f"/desk/tickets/{own}", "/desk"):
        answer = page.goto(path)
        assert answer is not None and answer.status in (403, 404), path
    assert page.goto(f"/requests/{foreign}").status == 404  # type: ignore[union-attr]


@pytest.mark.parametrize("path", UNKNOWN)
def test_an_unknown_address_is_not_found_and_never_forbidden(desk: LocalDesk, path: str) -> None:
    answer = desk.call().get(path)
    is_link = "?key=" in path  # a link is judged only when its button is pressed
    assert answer.status == (200 if is_link else 404)
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("method, path", METHODS)
def test_a_method_that_an_address_does_not_know_is_not_found(
    desk: LocalDesk, method: str, path: str
) -> None:
    assert desk.call().send(method, path, None).status == 404


def test_an_unknown_page_of_the_desk_says_so_in_the_same_look(
    visitors: Visitors, desk: LocalDesk
) -> None:
    page = visitors.sign_in(desk.person("ana"))
    answer = page.goto("/desk/tickets/HD-ZZZZZZZ")
    assert answer is not None and answer.status == 404
    expect(page.get_by_role("heading", name="We cannot find that page")).to_be_visible()
    page.get_by_role("link", name="To the work list").click()
    expect(page).to_have_url(re.compile(r"/desk$"))


def see(page: Page, path: str) -> None:
    answer = page.goto(path, wait_until="load")
    assert answer is not None and answer.status == 200, path
    expect(page.get_by_role("heading").first).to_be_visible()


def links(page: Page, selector: str) -> list[str]:
    """Where the links of a part of the page lead, each once."""
    found = [one.get_attribute("href") or "" for one in page.locator(selector).all()]
    parts = [urlsplit(address) for address in dict.fromkeys(found)]
    return [f"{one.path}?{one.query}" if one.query else one.path for one in parts]
