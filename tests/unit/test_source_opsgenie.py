"""Opsgenie: the key of its API, aliases in addresses, and its answer."""

import json
from datetime import UTC, datetime

import pytest

from chalicelib.adapters.monitoring.opsgenie import SOURCE
from chalicelib.adapters.monitoring.source import Delivery, Refused, Unreadable
from chalicelib.domain.alerts import Signal

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BY_ALIAS = {"identifierType": "alias"}


@pytest.mark.parametrize("path", ["v2/alerts", "v2/alerts/a/close"])
def test_the_api_asks_for_its_key(path):
    SOURCE.authenticate(Delivery(b"{}", {"authorization": "GenieKey s"}, path=path), ("s",), NOW)
    for headers in ({}, {"authorization": "GenieKey other"}, {"authorization": "GenieKey"}):
        with pytest.raises(Refused):
            SOURCE.authenticate(Delivery(b"{}", headers, path=path), ("s",), NOW)


def test_a_webhook_may_come_by_its_address_alone():
    SOURCE.authenticate(Delivery(b"{}"), ("s",), NOW)


@pytest.mark.parametrize(
    ("action", "signal"),
    [("close", Signal.RESOLVED), ("acknowledge", Signal.ACKNOWLEDGED), ("notes", Signal.NOTICE),
     ("unacknowledge", Signal.NOTICE), ("message", Signal.NOTICE)],
)  # fmt: skip
def test_an_alias_may_hold_slashes_and_the_body_nothing(action, signal):
    for body in (b"", b"{}"):
        told = Delivery(body, query=BY_ALIAS, path=f"v2/alerts/db/1 {{x}}/{action}")
        alert = SOURCE.parse(told).alerts[0]
        assert (alert.identity, alert.signal) == ("db/1 {x}", signal)


@pytest.mark.parametrize("query", [{}, {"identifierType": "id"}, {"identifierType": "tiny"}])
def test_an_alert_must_be_named_by_its_alias(query):
    with pytest.raises(Unreadable):
        SOURCE.parse(Delivery(b"{}", query=query, path="v2/alerts/7/close"))


def test_alerts_without_an_alias_are_told_apart_by_what_they_say():
    bodies = ({"message": "a"}, {"message": "a", "entity": "b"}, {"message": "a"})
    found = [
        SOURCE.parse(Delivery(json.dumps(one).encode(), path="v2/alerts")).alerts[0].identity
        for one in bodies
    ]
    assert found[0] == found[2] != found[1]


def test_it_answers_as_opsgenie_does():
    assert SOURCE.answer is not None
    assert SOURCE.answer(Delivery(b""), "01D")["requestId"] == "01D"
