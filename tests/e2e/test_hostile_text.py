"""Hostile text in every field, and a browser on every page: nothing runs, loads or disappears."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.web.display import shown
from tests.e2e import planting
from tests.e2e.conftest import MakeDesk
from tests.e2e.crawling import Crawl
from tests.e2e.hostile import ELSEWHERE, payloads
from tests.e2e.local_desk import LocalDesk
from tests.e2e.test_every_page import WORKSPACE, links
from tests.e2e.test_monitoring_pages import PAGES as OF_MONITORING
from tests.e2e.visitors import Visitors
from tests.e2e.waiting import eventually

MARKS = re.compile(r"[\s*_`<>]")  # what Markdown may read as its own
A_LINK = re.compile(r"\[x\]\(\S+$")


@pytest.fixture(scope="module")
def desk(make_desk: MakeDesk) -> LocalDesk:
    """A desk of its own: no other story should have to read these names."""
    made = make_desk("demo")
    made.give_agents_room()
    return made


@pytest.fixture(scope="module")
def texts() -> list[str]:
    made = payloads()
    assert len(made) >= 300
    return made


@dataclass(frozen=True)
class Planted:
    names: dict[str, list[str]]
    subjects: list[str]
    titles: list[str]
    ticket: str
    messages: list[str]


@pytest.fixture(scope="module")
def planted(desk: LocalDesk, texts: list[str]) -> Planted:
    email = desk.person("rosa")["email"]
    subjects = planting.tickets(desk, texts, email)
    ticket, messages = planting.conversation(desk, texts, email)
    titles = planting.alerts(desk, texts)
    return Planted(planting.names(desk, texts), subjects, titles, ticket, messages)


@pytest.fixture
def ada(visitors: Visitors, desk: LocalDesk) -> Iterator[Crawl]:
    crawl = Crawl(visitors.sign_in(desk.person("ada")), desk.base_url)
    yield crawl
    assert crawl.wrong == []


@pytest.fixture
def rosa(visitors: Visitors, desk: LocalDesk) -> Iterator[Crawl]:
    crawl = Crawl(visitors.sign_in(desk.person("rosa")), desk.base_url)
    yield crawl
    assert crawl.wrong == []


def visible(text: str) -> str:
    """What is seen of a text, its gaps apart: what alerts tell has spaces for what is not seen."""
    return "".join(char for char in shown(text) if char.isprintable() and char != " ")


def left_out(texts: list[str], page: str) -> list[str]:
    written = visible(page)
    return [one for one in texts if visible(one) not in written]


def test_names_of_all_kinds_are_read_as_they_are(ada: Crawl, planted: Planted) -> None:
    for path, names in planted.names.items():
        assert left_out(names, ada.see(path)) == [], path
        one = ada.page.locator(f"main a[href*='{path}/x']")
        if one.count():
            ada.see(str(one.first.get_attribute("href")))


def test_tickets_are_read_as_they_are(ada: Crawl, planted: Planted, desk: LocalDesk) -> None:
    found = eventually(lambda: all_there(desk, planted.titles), 40)
    wanted, rounds = [*planted.subjects, *planted.titles], 0
    while wanted and rounds < 4:  # what is given to somebody meanwhile moves between the pages
        path, rounds = "/desk?view=all", rounds + 1
        while path:
            wanted = left_out(wanted, ada.see(path))
            path = next(iter(links(ada.page, ".pager a[rel=next]")), "")
    assert wanted == []
    for number in (*found[:6], *found[-6:]):
        ada.see(f"/desk/tickets/{number}")


def all_there(desk: LocalDesk, titles: list[str]) -> list[str]:
    """Numbers of the tickets that the alerts have opened, once all of them have."""
    numbers, cursor = [], ""
    while cursor is not None:
        got = desk.call("ada").get(
            f"/api/v1/tickets?channel=monitoring&limit=100{cursor}"
        ).json()  # fmt: skip
        numbers += [one["id"] for one in got["items"]]
        cursor = f"&cursor={quote(got['next'])}" if got.get("next") else None
    return numbers if len(numbers) >= len(titles) else []


def test_messages_are_read_as_they_are(ada: Crawl, rosa: Crawl, planted: Planted) -> None:
    desk = MARKS.sub("", ada.see(f"/desk/tickets/{planted.ticket}"))
    own = MARKS.sub("", rosa.see(f"/requests/{planted.ticket}"))
    for text in "\n\n".join(planted.messages).split("\n\n"):
        said = MARKS.sub("", A_LINK.sub("x", shown(text)))
        assert desk.count(said) >= 3, text
        assert said in own, text
    rosa.see("/requests")


def test_every_other_page_that_could_show_some_of_it(ada: Crawl, planted: Planted) -> None:
    more = ["/desk", "/desk?view=mine", "/settings/integrations/hostile", "/", "/docs/api",
            "/desk/integrations/hostile/deliveries"]  # fmt: skip
    for path in [*WORKSPACE, *OF_MONITORING, *more]:
        if path not in {*ada.seen, *planted.names}:
            ada.see(path, 200, 404)
    for path in links(ada.page, "tr:nth-child(-n+3) td a"):
        ada.see(path)


def test_what_was_asked_for_is_not_obeyed_when_it_is_said_again(
    ada: Crawl, texts: list[str]
) -> None:
    for path, text in planting.reflected(["".join(texts[1:60:9]), "".join(texts[-60::9])]):
        ada.see(path + quote(text, safe=""), 200, 404, 422)


def test_what_was_typed_stands_in_its_field_again(
    visitors: Visitors, desk: LocalDesk, texts: list[str]
) -> None:
    guest = Crawl(visitors.come(), desk.base_url)
    for start in range(0, 12, 4):
        some = texts[start * 25 :]
        typed = {"subject": " ".join(some[:3]), "name": some[3], "branch": some[4],
                 "email": some[5], "description": "\n".join(some)[:9_900]}  # fmt: skip
        guest.see("/")
        for name, text in typed.items():
            guest.page.locator(f"[name={name}]").fill(text)
        guest.page.get_by_role("button", name="Send request").click()
        guest.page.locator("#problems").wait_for()
        guest.look()
        for name, text in typed.items():
            shown_again = guest.page.locator(f"[name={name}]").input_value()
            assert visible(shown_again) == visible(text)
    assert guest.wrong == []


def test_the_crawl_itself_notices_what_runs_and_what_leaves(
    visitors: Visitors, desk: LocalDesk
) -> None:
    crawl = Crawl(visitors.come(), desk.base_url)
    crawl.see("/")
    crawl.page.evaluate("hit(1)")
    crawl.page.evaluate("document.querySelector('p').setAttribute('onclick', '1')")
    crawl.page.evaluate(f"document.body.insertAdjacentHTML('beforeend', '<a href=//{ELSEWHERE}>')")
    crawl.look()
    assert [one.partition(" ")[0] for one in crawl.wrong] == ["ran", "p", "a", "a"]
    said: Any = crawl.page.evaluate("""async () => {
      const heard = new Promise((done) => addEventListener("securitypolicyviolation", done));
      document.body.insertAdjacentHTML("beforeend", "<img src=//evil.invalid/x>");
      return (await heard).violatedDirective }""")
    assert said == "img-src"
    visitors.complaints.clear()
