"""Elastic: placeholders that Kibana did not fill in, and action groups that are missing."""

import json
from typing import Any

import pytest

from chalicelib.adapters.monitoring.elastic import BODY, SOURCE
from chalicelib.adapters.monitoring.source import Delivery, Unreadable
from chalicelib.domain.alerts import Alert, Signal

RULE, ALERT = {"id": "r1", "name": "Errors"}, {"id": "web-1", "actionGroup": "threshold met"}


def read(alert: dict[str, Any], **other: Any) -> Alert:
    body = {"rule": RULE, "alert": {**ALERT, **alert}, **other}
    return SOURCE.parse(Delivery(json.dumps(body).encode())).alerts[0]


@pytest.mark.parametrize("told", ["{{alert.id}}", "{{ alertId }}", "host {{alert.id}}"])
def test_alerts_whose_id_was_not_filled_in_do_not_become_one(told):
    with pytest.raises(Unreadable, match="placeholder"):
        read({"id": told})


@pytest.mark.parametrize("told", ["{{rule.id}}", "rule {{rule.id}}"])
def test_rules_whose_id_was_not_filled_in_do_not_become_one(told):
    with pytest.raises(Unreadable):
        read({}, rule={"id": told})


def test_a_group_that_was_not_filled_in_is_neither_a_problem_nor_an_end():
    with pytest.raises(Unreadable, match="placeholder"):
        read({"actionGroup": "{{alert.actionGroup}}"})


@pytest.mark.parametrize(
    ("group", "state", "signal"),
    [
        ("{{alert.actionGroup}}", "active", Signal.FIRING),
        ("{{alert.actionGroup}}", "recovered", Signal.RESOLVED),
        ("", "active", Signal.FIRING),
        (None, "recovered", Signal.RESOLVED),
        ("", "", Signal.FIRING),
        (None, None, Signal.FIRING),
        ("Recovered", "active", Signal.RESOLVED),
    ],
)
def test_without_a_group_the_state_says_it_and_without_both_it_is_a_problem(group, state, signal):
    assert read({"actionGroup": group}, state=state).signal is signal


def test_a_test_of_the_connector_which_fills_in_nothing_is_unreadable():
    with pytest.raises(Unreadable):
        SOURCE.parse(Delivery(BODY.encode()))


def test_an_alert_of_elastalert_needs_an_id_of_its_own():
    with pytest.raises(Unreadable):
        SOURCE.parse(Delivery(b'{"alert_uid": "all {{ alert_uid }}", "state": "alerting"}'))
