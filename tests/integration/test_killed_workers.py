"""Whatever is killed at whichever call: when its message has come again, all is as it should be.

Each piece of work is killed before each of its calls to AWS, which is after the one before it; and
it gets no answer to each, though what it asked was done. Then it is given again.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import count

import pytest

from bench.drills import staffing_audit
from chalicelib.adapters import clock
from chalicelib.domain.errors import DeskError
from chalicelib.domain.vocabulary import Availability, Level
from chalicelib.services import (
    desk_settings,
    members,
    ownership,
    settings,
    staff,
    tickets,
    transfers,
)
from chalicelib.services.transfers import Goal
from tests import aws
from tests.cast import ADA, ANA, BEN, CHI, DEV, LEA, MONDAY_9, OMAR, ROSA, after
from tests.factories import a_ticket, employ, now_of, put_policy
from tests.integration import whole_desk
from tests.integration.killing import Work, copy_of_all, cut_off, killed, put_back, unanswered
from tests.integration.lambdas import Context, sweep, tick_of, work

pytestmark = pytest.mark.usefixtures("cloud")

URGENT = {"impact": Level.HIGH, "urgency": Level.HIGH}
STORIES: dict[str, Callable[[], Work]] = {}


def story(tell: Callable[[], Work]) -> Callable[[], Work]:
    """Sets a scene, and answers the piece of work that is killed in it."""
    STORIES[tell.__name__] = tell
    return tell


@story
def tickets_are_given_to_agents() -> Work:
    employ(ANA, BEN, capacity=2)
    a_ticket(OMAR, **URGENT), a_ticket(LEA)
    return the_messages("tier1")


@story
def an_urgent_ticket_finds_nobody_and_pages() -> Work:
    on_call()
    a_ticket(**URGENT)
    return the_messages("tier2")


@story
def somebody_goes_and_others_take_over() -> Work:
    employ(ANA)
    for one in (a_ticket(ROSA, **URGENT), a_ticket(OMAR, **URGENT)):
        ownership.assign(one.ticket_id, "me", ANA, MONDAY_9)
    whole_desk.run(MONDAY_9)
    employ(BEN, capacity=4)
    members.set_availability(ANA, Availability.AWAY, after(hours=3), MONDAY_9, note="Call them.")
    return the_messages("staffing")


@story
def somebody_comes_and_is_offered_what_waits() -> Work:
    employ(ANA, availability="busy", capacity=2)
    a_ticket(ROSA), a_ticket(OMAR, **URGENT), a_ticket(LEA)
    whole_desk.run(MONDAY_9)
    members.set_availability(ANA, Availability.AVAILABLE, None, MONDAY_9)
    return the_messages("staffing")


@story
def somebody_does_not_accept_in_time() -> Work:
    employ(ANA, BEN)
    ticket = a_ticket(**URGENT)
    whole_desk.run(MONDAY_9)
    assert now_of(ticket).accept_by == after(minutes=10)
    return lambda: sweep(after(minutes=10))


@story
def nobody_accepts_for_the_third_time() -> Work:
    employ(ANA, BEN, CHI)
    a_ticket(**URGENT)
    for minute in (0, 10, 20):
        whole_desk.tick(after(minutes=minute))
    return lambda: sweep(after(minutes=30))


@story
def a_page_goes_up() -> Work:
    on_call()
    ticket = a_ticket(**URGENT)
    whole_desk.run(MONDAY_9)
    assert now_of(ticket).page["ack_by"]
    return lambda: sweep(after(minutes=10))


@story
def a_ticket_goes_to_another_tier() -> Work:
    employ(ANA, CHI)
    ticket = a_ticket()
    whole_desk.run(MONDAY_9)
    return by_hand(transfers.transfer, ticket.ticket_id, Goal(tier=2), "Yours.", ANA)


@story
def a_ticket_goes_to_a_team_that_pulls() -> Work:
    desk_settings.put_team({"id": "lab", "name": "Lab", "strategy": "pull"}, ADA, MONDAY_9)
    employ(ANA)
    ticket = a_ticket()
    whole_desk.run(MONDAY_9)
    return by_hand(transfers.transfer, ticket.ticket_id, Goal(team="lab"), "Yours.", ANA)


@story
def a_solved_ticket_makes_room() -> Work:
    employ(ANA, capacity=1)
    held, waits = a_ticket(ROSA), a_ticket(OMAR)
    whole_desk.run(MONDAY_9)
    solved = held if now_of(waits).unstaffed_since else waits
    return by_hand(tickets.resolve, solved.ticket_id, "Done.", None, ANA)


@story
def somebody_leaves() -> Work:
    employ(ANA, BEN, ADA, capacity=2)
    for one in (a_ticket(ROSA), a_ticket(OMAR), a_ticket(LEA)):
        ownership.assign(one.ticket_id, "me", ANA, MONDAY_9)
    whole_desk.run(MONDAY_9)
    return by_hand(members.remove, ANA.id, ADA)


@story
def the_shifts_change() -> Work:
    from chalicelib.handlers.schedules import change_shifts
    from chalicelib.services import sla_settings

    hours = {"mon": [["09:00", "18:00"]]}
    for zone, agent in (("Asia/Tokyo", ANA), ("Europe/London", BEN)):
        place = zone.rpartition("/")[2].lower()
        sla_settings.put_calendar(
            {"id": place, "name": place, "zone": zone, "weekly": hours}, ADA, MONDAY_9
        )
        employ(agent, shift=place)
    before = after(minutes=-1)
    a_ticket(now=before, **URGENT), a_ticket(OMAR, now=before)
    whole_desk.tick(before)
    clock.use(lambda: MONDAY_9)
    return lambda: change_shifts(tick_of(MONDAY_9), Context())


def on_call() -> None:
    """All goes to tier 2, where nobody is available; Ben and Dev are called, then the leads."""
    employ(BEN, DEV, LEA)
    rotation = {"id": "night", "name": "Night", "tier": 2, "zone": "UTC", "starts": "2026-11-02",
                "people": [BEN.id, DEV.id]}  # fmt: skip
    desk_settings.put_rotation(rotation, ADA, MONDAY_9)
    desk_settings.put_rule({"id": "default", "name": "All", "tier": 2}, ADA, MONDAY_9)


def the_messages(queue: str) -> Work:
    """What the relays tell a queue now, as one batch of its worker."""
    from chalicelib.handlers.workers.staffing import work_staffing
    from chalicelib.handlers.workers.tiers import work_tier1, work_tier2

    workers = {"tier1": work_tier1, "tier2": work_tier2, "staffing": work_staffing}
    whole_desk._relayed()
    told, worker = aws.queued(queue), workers[queue]
    assert told
    return lambda: work(worker, told)


def by_hand(do: Callable[..., object], *given: object) -> Work:
    """What somebody does, who tries again when no answer came and may be told that it is done."""

    def work() -> None:
        with suppress(DeskError):
            do(*given, MONDAY_9)

    return work


@pytest.mark.parametrize("name", STORIES)
def test_a_worker_that_is_killed_loses_and_doubles_nothing(name):
    wrong, done = {}, False
    for piece, call in scenes(name):
        if done:
            break
        done = cut_off(piece, call, killed)
        wrong[call] = given_again(piece, late=call % 2 == 0)
    assert len(wrong) > 2
    assert not any(wrong.values()), wrong


@pytest.mark.parametrize("name", STORIES)
def test_a_worker_that_gets_no_answer_loses_and_doubles_nothing(name):
    wrong = {}
    for piece, call in scenes(name):
        if cut_off(piece, call, unanswered):
            break
        wrong[call] = given_again(piece, late=call % 2 == 1)
    assert len(wrong) > 1
    assert not any(wrong.values()), wrong


def scenes(name: str) -> Iterator[tuple[Work, int]]:
    """The same scene for each call; everybody is a new process, which knows nothing."""
    put_policy(ladder=[], warnings=[])
    piece = STORIES[name]()
    kept, at = copy_of_all(), clock.now()
    for call in count(1):
        put_back(kept)
        clock.use(lambda: at)
        staff.forget(), settings.forget()
        yield piece, call


def given_again(piece: Work, late: bool) -> list[str]:
    """By a new process, at once or `late`, when the others have gone on; answers what is wrong."""
    now = clock.now()
    staff.forget(), settings.forget()
    if late:
        whole_desk.run(now)
    piece()
    whole_desk.run(now)
    whole_desk.tick(now + timedelta(minutes=1))
    remarks = [*staffing_audit.audit(clock.now()), *staffing_audit.fits()]
    assert len(remarks) > 5
    return [f"{one.check}: {one.where} {one.wrong}" for one in remarks if one.wrong]
