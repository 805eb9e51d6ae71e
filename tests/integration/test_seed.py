"""The demo desk: believable, alive, and the same however often it is seeded."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.adapters import clock
from chalicelib.domain.sla_steps import steps_due
from chalicelib.domain.vocabulary import ACTIVE, Channel, Priority, Status, TicketType
from chalicelib.models.person import Person
from chalicelib.models.setting import Setting
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.models.token import ApiToken
from chalicelib.services import clocks, hooks, journal, people, settings, tokens, worklist
from infra import seed
from tests import aws
from tests.cast import MONDAY_9

URL = "http://127.0.0.1:8000"
COUNTS = {"new": 12, "open": 18, "pending": 8, "on_hold": 5, "resolved": 9, "closed": 6,
          "cancelled": 2}  # fmt: skip
STEPS_DUE_AT_ONCE = 10


@pytest.fixture(scope="module")
def desk(_cloud, tmp_path_factory) -> Iterator[dict]:
    """The desk seeded once for all tests of this file, that only read it."""
    aws.empty()
    clock.use(lambda: MONDAY_9)
    home = tmp_path_factory.mktemp("seeded")
    progress: list[tuple[str, int, int]] = []
    fill(home, lambda *said: progress.append(said))
    yield {"home": home, "progress": progress}
    clock.use(None)


def fill(home, progress=lambda *_: None, kind="demo") -> dict:
    seed.seed(kind, home, URL, progress)
    return told(home)


def stories() -> list[dict]:
    return json.loads(seed.SOURCE.read_text("utf-8"))["tickets"]


def tell_only(chosen: list[dict], home, monkeypatch) -> None:
    source = json.loads(seed.SOURCE.read_text("utf-8"))
    path = home / "seed.json"
    path.write_text(json.dumps({**source, "tickets": chosen}), "utf-8")
    monkeypatch.setattr(seed, "SOURCE", path)


def told(home) -> dict:
    return json.loads((home / "demo.json").read_text("utf-8"))


def tickets() -> list[Ticket]:
    return list(Ticket.scan())


def active() -> list[Ticket]:
    return [ticket for ticket in tickets() if ticket.status in ACTIVE]


def counted() -> dict[str, int]:
    records = (Ticket, TimelineEntry, Person, ApiToken, Setting)
    return {record.__name__: len(list(record.scan())) for record in records}


def test_every_status_is_there_in_its_number(desk):
    found = tickets()
    assert Counter(ticket.status for ticket in found) == COUNTS
    assert set(COUNTS) == set(Status) - {Status.MERGED}


def test_the_world_asks_in_many_languages_and_ways(desk):
    found = tickets()
    languages = {ticket.requester["locale"].split("-")[0] for ticket in found}
    assert {"en", "de", "fr", "es", "ja", "ar"} <= languages
    assert {ticket.channel for ticket in found} == set(Channel)
    assert {ticket.type for ticket in found} == set(TicketType)
    assert {ticket.priority for ticket in found} == set(Priority)
    assert len({ticket.requester["time_zone"] for ticket in found}) > 20


def test_each_tier_has_its_work(desk):
    assert Counter(int(ticket.tier) for ticket in tickets()) == {1: 47, 2: 8, 3: 5}
    queues = worklist.queues(MONDAY_9)
    assert [queue["open"] for queue in queues] == [33, 6, 4]
    assert sum(queue["due_within_hour"] for queue in queues) == 4
    assert sum(queue["breached"] for queue in queues) == 4
    assert all(queue["agents_eligible"] for queue in queues)


def test_the_first_sweep_finds_little_to_do(desk):
    due = [t for t in active() if steps_due(clocks.clocks_of(t), clocks.policy_of(t), MONDAY_9)]
    assert 0 < len(due) <= STEPS_DUE_AT_ONCE
    resting = [t for t in tickets() if t.status == Status.RESOLVED]
    assert all(t.resolved_at + journal.CLOSES_AFTER > MONDAY_9 for t in resting)


def test_nothing_has_happened_in_the_future(desk):
    assert all(entry.at <= MONDAY_9 for entry in TimelineEntry.scan())
    assert all(ticket.updated_at <= MONDAY_9 for ticket in tickets())


def test_nobody_answered_a_new_ticket_yet(desk):
    new = [ticket for ticket in tickets() if ticket.status == Status.NEW]
    assert not any(ticket.assignee_id for ticket in new)
    assert all(clocks.clocks_of(ticket)[0].is_running for ticket in new)


def test_who_holds_a_ticket_is_within_capacity(desk):
    held = Counter(ticket.assignee_id for ticket in active() if ticket.assignee_id)
    assert all(count < people.find(person_id).capacity for person_id, count in held.items())


def test_the_requester_who_signs_in_finds_their_own_requests(desk):
    rosa = next(one for one in told(desk["home"])["people"] if one["role"] == "requester")
    asker = tokens.bearer(rosa["api_token"], MONDAY_9).actor
    mine = worklist.page(worklist.Wanted(), asker, MONDAY_9, 25, None).tickets
    assert {ticket.status for ticket in mine} == {"new", "open", "pending", "resolved", "closed"}


def test_demo_json_says_what_the_contract_promises(desk):
    demo = told(desk["home"])
    assert set(demo) == {
        "base_url",
        "people",
        "sites",
        "integrations",
        "mailbox_url",
        "clock_url",
    }
    assert all(
        {"name", "email", "role", "password", "api_token"} <= set(one) for one in demo["people"]
    )
    roles = [(one["role"], one["tier"]) for one in demo["people"]]
    assert roles == [
        ("requester", None), ("agent", 1), ("agent", 1), ("agent", 2), ("agent", 3),
        ("lead", None), ("admin", None),
    ]  # fmt: skip
    assert all(set(one) == {"source", "url", "secret"} for one in demo["integrations"])


def test_tools_can_report_at_once_by_what_demo_json_says(desk):
    found = told(desk["home"])["integrations"]
    sources = [one["source"] for one in found]
    assert sources == ["alertmanager", "generic", "standard-webhooks", "pagerduty"]
    assert all(one["url"].startswith(f"{URL}/hooks/{one['source']}/") for one in found)
    assert len({one["secret"] for one in found}) == len(found)
    assert all(len(one["secret"]) == 32 for one in found)
    for one in found:
        hooks.check_address(one["source"], one["url"].rpartition("/")[2])


def test_demo_json_is_for_its_owner_only(desk):
    assert (desk["home"] / "demo.json").stat().st_mode & 0o777 == 0o600


def test_progress_is_told_to_the_end(desk):
    assert {("People", 7, 7), ("Tickets", 60, 60)} <= set(desk["progress"])


def test_seeding_twice_doubles_nothing(cloud, tmp_path, monkeypatch):
    clock.use(lambda: MONDAY_9)
    tell_only(stories()[::8], tmp_path, monkeypatch)
    first, before = fill(tmp_path), counted()
    clock.use(lambda: MONDAY_9 + timedelta(minutes=1))
    again = fill(tmp_path)
    assert counted() == before
    tokens = [[one["api_token"] for one in demo["people"]] for demo in (first, again)]
    assert not set(tokens[0]) & set(tokens[1])
    assert first["integrations"] == again["integrations"]


def test_a_life_that_was_cut_off_goes_on_where_it_ended(cloud, tmp_path, monkeypatch):
    clock.use(lambda: MONDAY_9)
    whole = max(stories(), key=lambda story: len(story["steps"]))
    for steps in (whole["steps"][:3], whole["steps"]):
        tell_only([{**whole, "steps": steps}], tmp_path, monkeypatch)
        fill(tmp_path)
    (ticket,) = tickets()
    assert ticket.version == 1 + len(whole["steps"])


def test_an_empty_desk_has_people_and_integrations_only(cloud, tmp_path):
    demo = fill(tmp_path, kind="empty")
    assert tickets() == []
    assert len(demo["people"]) == len(list(Person.scan()))
    assert len(Setting.all_of(settings.INTEGRATION)) == len(seed.TOOLS)
