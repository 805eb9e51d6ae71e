"""What comes by a guest's link must not bury the request: how often, how much, how costly."""

import json
import time

import pytest

from chalicelib.adapters import clock
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import conversations, guests, limits
from chalicelib.web import markdown
from tests.cast import ANA, MONDAY_9, ROSA, after
from tests.factories import a_ticket, employ_everyone, entries_of, kinds_of, now_of
from tests.integration.api import Api
from tests.integration.browser import Browser, Page

pytestmark = pytest.mark.usefixtures("cloud")

ANSWER_AT_MOST = 6 * 1024 * 1024  # Lambda's
COSTLY = {
    "lists within lists": ("- " * 12 + "a\n") * 400,
    "list": "- a\n" * 660,
    "signs that grow": "<&\"'" * 2_500,
    "signs in markup": "*a*\n" + "<&\"'" * 2_400,
    "pictures": "\U0001f600" * 10_000,
    "brackets": "[" * 1_900 + "a" * 8_000,
    "gaps": "*a*" + "\n    a" * 1_400,
}


@pytest.fixture
def ticket(cloud):
    employ_everyone()
    return a_ticket()


@pytest.fixture
def rosa(ticket) -> Browser:
    """A guest who has come by the link of her mail."""
    own_pass = guests.pass_for(ticket, MONDAY_9)
    return Browser({f"__Host-guest-{ticket.ticket_id}": own_pass})


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(limits, "OWN_REQUEST", limits.Rate("own-request", 2, limits.HOUR))


def path(ticket) -> str:
    return f"/requests/{ticket.ticket_id}"


def say(browser: Browser, ticket, body: str) -> Page:
    to = f"{path(ticket)}/replies"
    return browser.submit(browser.get(path(ticket)), to, body=body)


def written(ticket, text: str, times: int) -> None:
    """So many replies, past any limit."""
    for number in range(times):
        conversations.reply(ticket.ticket_id, f"{number}\n{text}"[:10_000], ROSA, after(minutes=1))


def test_replies_have_a_limit_and_what_was_typed_is_kept(rosa, ticket, few):
    assert [say(rosa, ticket, f"Word {n}").status for n in range(2)] == [303, 303]
    refused = say(rosa, ticket, "A <b>third</b> one")
    assert refused.status == 429
    assert refused.headers["Retry-After"] == "1800"
    assert refused.headers["RateLimit"] == '"own-request";r=0;t=1800'
    assert "wait 30 minutes" in refused.text
    assert "A &lt;b&gt;third&lt;/b&gt; one" in refused.text
    assert kinds_of(ticket).count("reply") == 2
    clock.use(lambda: after(minutes=30))
    again = rosa.submit(refused, f"{path(ticket)}/replies", body="A <b>third</b> one")
    assert again.status == 303


def test_steps_share_that_limit(rosa, ticket, few):
    for step in ("solved", "reopened"):
        rosa.submit(rosa.get(path(ticket)), f"{path(ticket)}/{step}")
    assert rosa.submit(rosa.get(path(ticket)), f"{path(ticket)}/solved").status == 429
    assert now_of(ticket).status == "open"


def test_the_same_message_sent_again_takes_nothing_and_is_not_refused(rosa, ticket, few):
    page, to = rosa.get(path(ticket)), f"{path(ticket)}/replies"
    answers = [rosa.submit(page, to, body="One more thing") for _ in range(5)]
    assert [one.status for one in answers] == [303] * 5
    assert kinds_of(ticket).count("reply") == 1
    assert say(rosa, ticket, "And another").status == 303


def test_another_request_of_the_same_person_has_a_limit_of_its_own(rosa, ticket, few):
    for number in range(2):
        say(rosa, ticket, f"Word {number}")
    other = a_ticket()
    own_pass = guests.pass_for(other, MONDAY_9)
    visitor = Browser({f"__Host-guest-{other.ticket_id}": own_pass})
    assert say(visitor, other, "Hello").status == 303


@pytest.mark.parametrize("text", COSTLY.values(), ids=COSTLY)
def test_whatever_was_sent_the_desk_can_open_the_ticket_soon(rosa, ticket, text):
    written(ticket, text, 60)
    markdown.message.cache_clear()
    for page in (Browser().sign_in(ANA), rosa):
        address = path(ticket) if page is rosa else f"/desk/tickets/{ticket.ticket_id}"
        began = time.process_time()
        seen = page.get(address)
        assert time.process_time() - began < 3
        assert seen.status == 200
        assert len(json.dumps(seen.text)) < ANSWER_AT_MOST
        assert "Since nine, nothing works." in seen.text


def test_a_ticket_that_is_too_long_shows_its_first_and_its_newest_entries_and_says_so(rosa, ticket):
    written(ticket, "\U0001f600" * 9_900, 20)
    for seen in (Browser().sign_in(ANA).get(f"/desk/tickets/{ticket.ticket_id}"),
                 rosa.get(path(ticket))):  # fmt: skip
        assert "are left out here" in seen.text
        assert ">19<br>" in seen.text or ">19\n" in seen.text
        assert ">0\n" not in seen.text
        assert "Since nine, nothing works." in seen.text


def test_a_usual_ticket_leaves_nothing_out(rosa, ticket):
    written(ticket, "It is *still* down: see `the log`, please.\n" * 10, 60)
    page = Browser().sign_in(ANA).get(f"/desk/tickets/{ticket.ticket_id}")
    assert "are left out here" not in page.text
    assert page.text.count('<article class="msg') == 61
    assert page.text.count("<em>still</em>") == 60 * 10


def test_of_much_markup_the_newest_is_shown_as_such(ticket, monkeypatch):
    monkeypatch.setattr(markdown, "MOST_ON_A_PAGE", 10)
    written(ticket, "*loud*", 5)
    page = Browser().sign_in(ANA).get(f"/desk/tickets/{ticket.ticket_id}")
    assert page.text.count("*loud*") == 2
    assert page.text.rindex("*loud*") < page.text.index("<em>loud</em>")


def test_the_api_has_all_entries_in_answers_that_are_not_too_large(ticket):
    written(ticket, "\U0001f600" * 9_900, 50)
    ana, query, found = Api(ANA), "?limit=100", []
    while query:
        answer = ana.get(f"/tickets/{ticket.ticket_id}/timeline{query}")
        assert len(json.dumps(json.dumps(answer.json))) < ANSWER_AT_MOST
        found += [one["id"] for one in answer.json["items"]]
        more = answer.json["next"]
        query = f"?limit=100&cursor={more}" if more else ""
    assert found == [one.entry_id for one in entries_of(ticket)]


def test_what_is_not_shown_is_not_read(ticket, monkeypatch):
    written(ticket, "a" * 9_000, 3)
    monkeypatch.setattr("chalicelib.services.reading.MOST_BYTES", 1)
    looked_at = []
    backwards = TimelineEntry.backwards

    def counting(*given):
        for one in backwards(*given):
            looked_at.append(one.entry_id)
            yield one

    monkeypatch.setattr(TimelineEntry, "backwards", counting)
    Browser().sign_in(ANA).get(f"/desk/tickets/{ticket.ticket_id}")
    assert len(looked_at) == 2
