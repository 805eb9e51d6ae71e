"""Statuspage: incidents that are opened again, and the order in which their news comes."""

import json
from typing import Any

import pytest

from chalicelib.adapters.monitoring.source import Delivery
from chalicelib.adapters.monitoring.statuspage import SOURCE
from chalicelib.domain.alerts import Alert, Decision, Episode, decide


def at(clock: str) -> str:
    return f"2026-11-23T{clock}:00Z"


HISTORY = [("investigating", "09:00"), ("identified", "09:10"), ("resolved", "10:00"),
           ("investigating", "11:00"), ("identified", "11:10"), ("resolved", "12:00"),
           ("postmortem", "13:00")]  # fmt: skip


def news(count: int, resolved_at: str | None = None, **other: Any) -> Alert:
    """What is sent after the first few updates; the newest stands first."""
    told = HISTORY[:count]
    updates = [
        {"status": status, "created_at": at(clock), "body": status}
        for status, clock in reversed(told)
    ]
    incident = {
        "id": "i1",
        "status": told[-1][0],
        "created_at": at("09:00"),
        "updated_at": at(told[-1][1]),
        "resolved_at": resolved_at and at(resolved_at),
        "incident_updates": updates,
        **other,
    }
    body = json.dumps({"page": {"id": "p1"}, "incident": incident}).encode()
    return SOURCE.parse(Delivery(body)).alerts[0]


def remembered(alert: Alert) -> Episode:
    return Episode(alert.firing, True, alert.started_at, alert.ended_at, alert.episode)


def test_an_incident_that_is_opened_again_is_a_new_episode():
    over = remembered(news(3, "10:00"))
    assert decide(news(4), over, False) is Decision.AGAIN
    assert decide(news(5), over, False) is Decision.AGAIN


def test_the_end_of_the_second_time_is_taken_even_if_the_first_end_is_still_told():
    for resolved_at in ("12:00", "10:00", None):
        again = remembered(news(4))
        assert decide(news(6, resolved_at), again, False) is Decision.RESOLVE


def test_late_news_of_the_first_time_opens_nothing():
    assert decide(news(2), remembered(news(3, "10:00")), False) is Decision.IGNORE
    assert decide(news(2), remembered(news(6, "12:00")), False) is Decision.IGNORE
    assert decide(news(5), remembered(news(6, "12:00")), False) is Decision.IGNORE


def test_the_late_end_of_the_first_time_closes_nothing():
    assert decide(news(3, "10:00"), remembered(news(5)), False) is Decision.IGNORE


def test_all_news_of_one_episode_has_one_start():
    assert news(1).started_at == news(2).started_at != news(4).started_at
    assert news(4).started_at == news(5).started_at


def test_a_postmortem_ends_when_the_incident_was_resolved():
    assert news(7).ended_at == news(6).ended_at


def test_the_order_of_updates_does_not_matter():
    updates = [{"status": one, "created_at": at(clock)} for one, clock in HISTORY[:4]]
    assert news(4, incident_updates=updates).started_at == news(4).started_at


@pytest.mark.parametrize("updates", [None, [], ["x"], [{"status": "investigating"}]])
def test_without_its_history_what_was_resolved_once_began_again_when_it_was_changed(updates):
    over = remembered(news(3, "10:00"))
    assert decide(news(4, "10:00", incident_updates=updates), over, False) is Decision.AGAIN
    assert decide(news(2, incident_updates=updates), over, False) is Decision.IGNORE
