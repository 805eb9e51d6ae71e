"""PagerDuty's shape: the key in the body, and the key in the answer."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.adapters.monitoring.pagerduty import SOURCE
from chalicelib.adapters.monitoring.source import Delivery, Refused, Unreadable

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EVENT = {"event_action": "trigger", "payload": {"summary": "It burns", "source": "oven"}}


def delivery(body: Any) -> Delivery:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Delivery(raw, path="v2/enqueue")


def test_the_routing_key_must_be_one_of_the_secrets():
    SOURCE.authenticate(delivery({**EVENT, "routing_key": "old"}), ("new", "old"), NOW)


@pytest.mark.parametrize("key", [None, "", "other", 7, [], {"a": 1}, "\ud800"])
def test_another_key_is_refused(key):
    with pytest.raises(Refused):
        SOURCE.authenticate(delivery({**EVENT, "routing_key": key}), ("new",), NOW)


def test_a_body_without_a_key_is_refused():
    with pytest.raises(Refused):
        SOURCE.authenticate(delivery(EVENT), ("new",), NOW)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"text"', b"\xff"])
def test_what_is_no_event_passes_by_its_address_to_be_kept(body):
    SOURCE.authenticate(delivery(body), ("new",), NOW)


def test_the_answer_carries_the_key_by_which_it_can_be_resolved():
    assert SOURCE.answer is not None
    given = SOURCE.answer(delivery(EVENT), "01D")
    trigger = SOURCE.parse(delivery(EVENT)).alerts[0]
    resolve = {"event_action": "resolve", "dedup_key": given["dedup_key"]}
    assert given["status"] == "success"
    assert SOURCE.parse(delivery(resolve)).alerts[0].identity == trigger.identity
    assert SOURCE.answer(delivery({**EVENT, "dedup_key": "k"}), "01D")["dedup_key"] == "k"
    assert SOURCE.answer(delivery(b"x"), "01D")["dedup_key"] == "01D"


def test_triggers_without_a_key_are_told_apart_by_what_they_say():
    other = {**EVENT, "payload": {**EVENT["payload"], "component": "grill"}}
    found = [SOURCE.parse(delivery(one)).alerts[0].identity for one in (EVENT, other, EVENT)]
    assert found[0] == found[2] != found[1]


@pytest.mark.parametrize(
    "body",
    [
        {"event_action": "resolve"}, {"event_action": "acknowledge"}, {"event_action": "trigger"},
        {**EVENT, "event_action": "change"}, {"dedup_key": "k"},
    ],
)  # fmt: skip
def test_an_event_without_a_key_or_an_action_is_unreadable(body):
    with pytest.raises(Unreadable):
        SOURCE.parse(delivery(body))
