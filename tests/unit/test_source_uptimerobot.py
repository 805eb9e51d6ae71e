"""UptimeRobot: fields in the query, in the body, or in both."""

import json

import pytest

from chalicelib.adapters.monitoring.source import Delivery, Unreadable
from chalicelib.adapters.monitoring.uptimerobot import SOURCE
from chalicelib.domain.alerts import Signal

FORM = {"content-type": "application/x-www-form-urlencoded"}
QUERY = {"monitorID": "7", "alertType": "1"}


def test_fields_may_be_split_over_the_query_and_the_body():
    for body, headers in ((b'{"monitorFriendlyName": "Mail"}', {}),
                          (b"monitorFriendlyName=Mail", FORM)):  # fmt: skip
        alert = SOURCE.parse(Delivery(body, headers, QUERY)).alerts[0]
        assert (alert.identity, alert.signal) == ("7", Signal.FIRING)
        assert alert.title == "Mail is down"


def test_the_body_wins_over_the_query_however_names_are_written():
    alert = SOURCE.parse(Delivery(b'{"monitor_id": "8", "alerttype": 2}', query=QUERY)).alerts[0]
    assert (alert.identity, alert.signal) == ("8", Signal.RESOLVED)


def test_what_the_body_did_not_fill_in_the_query_may():
    alert = SOURCE.parse(Delivery(b'{"monitorID": "*monitorID*"}', query=QUERY)).alerts[0]
    assert alert.identity == "7"


def test_a_query_alone_is_enough_beside_an_empty_object():
    assert SOURCE.parse(Delivery(b"{}", query=QUERY)).alerts[0].identity == "7"


def test_the_words_for_a_type_are_understood():
    for word, signal in (("Down", Signal.FIRING), ("Up", Signal.RESOLVED)):
        body = json.dumps({"monitorID": "7", "alertTypeFriendlyName": word}).encode()
        assert SOURCE.parse(Delivery(body)).alerts[0].signal is signal


def test_without_a_type_nobody_knows_what_happened():
    with pytest.raises(Unreadable, match="alerttype"):
        SOURCE.parse(Delivery(b'{"monitorID": "7", "alertType": "*alertType*"}'))
