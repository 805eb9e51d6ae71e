"""A burst of tickets, worked on by many at once; and what comes between a choice and its write."""

import random
import threading
from collections import UserDict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

import botocore.client
import pytest

from bench.drills import staffing_audit, staffing_story
from chalicelib.domain.errors import Conflict
from chalicelib.domain.people import Actor
from chalicelib.domain.vocabulary import TIERS, Availability, Level, Role
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket
from chalicelib.services import (
    desk_settings,
    dispatch,
    members,
    sla_settings,
    staff,
    staffing,
    tickets,
)
from tests import aws
from tests.cast import ADA, ANA, MONDAY_9, after
from tests.factories import a_ticket, employ, now_of, put_policy
from tests.integration import whole_desk
from tests.integration.whole_desk import run, tick

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture(autouse=True)
def no_clock_that_moves_tickets(cloud) -> None:
    put_policy(ladder=[], warnings=[])


@pytest.fixture
def before_the_write(monkeypatch):
    """Has something else happen just before the next transaction."""

    def arrange(happen) -> None:
        original = botocore.client.BaseClient._make_api_call

        def call(client, operation, asked):
            if operation == "TransactWriteItems":
                monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", original)
                happen()
            return original(client, operation, asked)

        monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", call)

    return arrange


class OfEachThread(UserDict):
    """What a process keeps, with a thread in the place of a process."""

    def __init__(self) -> None:
        self._own = threading.local()

    @property
    def data(self):
        return self._own.__dict__


def test_a_burst_is_given_out_once_and_within_capacity_by_many_at_once(monkeypatch):
    for tier in (2, 3):
        rule = {"id": f"to-{tier}", "name": "Up", "conditions": {"tag": [str(tier)]}, "tier": tier}
        desk_settings.put_rule(rule, ADA, MONDAY_9)
    agents = [Actor(f"P-{n}", f"Agent {n}", Role.AGENT, f"{n}@desk.example") for n in range(6)]
    for n, one in enumerate(agents):
        employ(one, tiers=[n % 3 + 1], capacity=4, availability="busy" if n > 3 else "available")
    for n in range(24):
        a_ticket(tags=[str(n % 3 + 1)], urgency=Level.HIGH if n % 4 else Level.LOW, now=MONDAY_9)
    whole_desk._relayed()
    told = [partial(dispatch.dispatch, one["ticket_id"], tier, MONDAY_9)
            for tier in TIERS for one in aws.queued(f"tier{tier}") * 2]  # fmt: skip
    told += [partial(come_and_go, one) for one in agents]
    random.Random(8).shuffle(told)
    one_call_at_a_time(monkeypatch)
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda do: do(), told))
    run(MONDAY_9)
    tick(after(minutes=1))
    remarks = [*staffing_audit.audit(after(minutes=1)), *staffing_audit.fits()]
    assert sum(one.check == staffing_story.EXPLAINED for one in remarks) > 10
    assert not [one for one in remarks if one.wrong]


def come_and_go(agent: Actor) -> None:
    """Whoever is there finishes something and goes; who comes is offered what waits."""
    here = Person.get(agent.id).availability == Availability.AVAILABLE
    held = next(iter(Ticket.open_of(agent.id)), None)
    if held:
        with suppress(Conflict):  # solved at this moment by another of these
            tickets.resolve(held.ticket_id, "Done.", None, agent, MONDAY_9)
    status = Availability.BUSY if here else Availability.AVAILABLE
    members.set_availability(agent, status, None, MONDAY_9)
    staffing.look_after(agent.id, MONDAY_9)


def one_call_at_a_time(monkeypatch) -> None:
    """As far as the fake can: calls of several threads, but one after the other."""
    original, lock = botocore.client.BaseClient._make_api_call, threading.Lock()

    def call(client, operation, asked):
        with lock:
            return original(client, operation, asked)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", call)
    for kept in ("_kept", "_seen"):
        monkeypatch.setattr(staff, kept, OfEachThread())


def holder(ticket) -> str | None:
    return now_of(ticket).assignee_id


def lisbon() -> None:
    hours = {"mon": [["09:00", "18:00"]]}
    sla_settings.put_calendar(
        {"id": "lisbon", "name": "Lisbon", "zone": "Europe/Lisbon", "weekly": hours}, ADA, MONDAY_9
    )


def test_nothing_is_given_to_somebody_whose_shift_ends_at_that_moment(before_the_write):
    lisbon()
    employ(ANA, shift="lisbon")
    tick(after(hours=8))
    ticket = a_ticket(now=after(hours=8, minutes=59))
    before_the_write(lambda: tick(after(hours=9)))
    dispatch.dispatch(ticket.ticket_id, 1, after(hours=8, minutes=59, seconds=59))
    run(after(hours=9))
    tick(after(hours=9, minutes=1))
    assert holder(ticket) is None


def test_nothing_is_given_to_somebody_who_goes_while_everybody_is_read_anew(monkeypatch):
    employ(ANA)
    ticket, hand_out = a_ticket(), dispatch.hand_out

    def later(*given) -> None:
        members.set_availability(ANA, Availability.AWAY, None, MONDAY_9)
        staff.forget()  # as after two seconds
        hand_out(*given)

    monkeypatch.setattr(dispatch, "hand_out", later)
    dispatch.dispatch(ticket.ticket_id, 1, MONDAY_9)
    assert holder(ticket) is None
