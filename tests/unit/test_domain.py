"""The small rules: priority, lifecycle, alerts, ids, instants, ranks."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import alerts, identifiers, lifecycle, worklists
from chalicelib.domain.errors import Conflict
from chalicelib.domain.instants import from_text, to_text
from chalicelib.domain.priority import MATRIX, priority_of
from chalicelib.domain.vocabulary import Level, Priority, Status
from tests.cast import MONDAY_9, after

instants = st.datetimes(
    min_value=datetime(1970, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)
)


def test_every_impact_and_urgency_has_a_priority():
    assert set(MATRIX) == {(i, u) for i in Level for u in Level}
    assert priority_of(Level.HIGH, Level.HIGH) is Priority.P1
    assert priority_of(Level.LOW, Level.LOW) is Priority.P5


def test_every_status_has_its_row_and_final_ones_lead_nowhere():
    assert set(lifecycle.TRANSITIONS) == set(Status)
    final = {status for status in Status if lifecycle.is_final(status)}
    assert final == {Status.CLOSED, Status.CANCELLED, Status.MERGED}


def test_a_closed_ticket_cannot_be_opened():
    with pytest.raises(Conflict, match="closed cannot become open"):
        lifecycle.check_can_become(Status.CLOSED, Status.OPEN)


def test_a_requesters_message_wakes_what_waits_or_was_solved():
    woken = [s for s in Status if lifecycle.after_requester_message(s) is not s]
    assert woken == [Status.PENDING, Status.RESOLVED]


def test_an_unknown_severity_counts_as_a_warning():
    assert alerts.levels_of("odd") == alerts.levels_of("warning")


def test_ticket_ids_can_be_spoken():
    made = {identifiers.new_ticket_id() for _ in range(200)}
    assert len(made) == 200
    assert all(identifiers.is_ticket_id(one) for one in made)
    assert not identifiers.is_ticket_id("HD-ILOU000")


@given(instants, instants)
def test_text_order_is_time_order(one, other):
    one, other = (at.replace(microsecond=at.microsecond // 1000 * 1000) for at in (one, other))
    assert (one < other) == (to_text(one) < to_text(other))
    assert from_text(to_text(one)) == one


@pytest.mark.parametrize("text", ["", "2026-11-23T09:00:00", "yesterday"])
def test_an_instant_needs_its_zone(text):
    with pytest.raises(ValueError, match=r".+"):
        from_text(text)


def test_open_tickets_rank_before_finished_ones_and_near_deadlines_first():
    soon = worklists.list_rank(after(hours=1), Status.OPEN, "HD-1", MONDAY_9)
    later = worklists.list_rank(after(hours=2), Status.OPEN, "HD-2", MONDAY_9)
    resting = worklists.list_rank(None, Status.PENDING, "HD-3", MONDAY_9)
    done = worklists.list_rank(None, Status.RESOLVED, "HD-4", MONDAY_9)
    assert sorted([done, resting, later, soon]) == [soon, later, resting, done]


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=20, unique=True))
def test_a_span_begins_right_after_the_rank_that_was_read(minutes):
    ranks = sorted(
        worklists.list_rank(MONDAY_9 + timedelta(seconds=m), Status.OPEN, "HD-1", MONDAY_9)
        for m in minutes
    )
    low, high = worklists.span(ranks[0], finished=False)
    assert [rank for rank in ranks if low <= rank <= high] == ranks[1:]
