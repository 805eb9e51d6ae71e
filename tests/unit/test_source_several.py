"""Bodies with several alerts: one that cannot be read does not spoil the others."""

import json
from typing import Any

import pytest

from chalicelib.adapters.monitoring import Unreadable, source_of
from chalicelib.adapters.monitoring.source import Delivery
from chalicelib.domain.alerts import Report, Signal

GOOD = {"status": "firing", "fingerprint": "f1", "labels": {"alertname": "A"}}
BAD: list[Any] = [7, None, [], {"status": "firing", "labels": {}}, {"fingerprint": "f2"}]
SHAPED = ["alertmanager", "grafana"]


def read(name: str, body: Any, **options: Any) -> Report:
    source = source_of(name)
    assert source is not None
    return source.parse(Delivery(json.dumps(body).encode(), options=options))


@pytest.mark.parametrize("name", SHAPED)
@pytest.mark.parametrize("bad", BAD, ids=str)
def test_one_bad_alert_does_not_spoil_the_others_of_its_group(name, bad):
    report = read(name, {"groupKey": "g", "status": "firing", "alerts": [bad, GOOD]})
    assert [one.identity for one in report.alerts] == ["f1"]
    assert report.group is not None
    assert report.note.startswith("1 of 2 could not be read")


@pytest.mark.parametrize("name", SHAPED)
def test_a_group_of_bad_alerts_is_unreadable(name):
    with pytest.raises(Unreadable):
        read(name, {"groupKey": "g", "status": "resolved", "alerts": BAD})


@pytest.mark.parametrize("name", SHAPED)
def test_a_group_that_left_all_of_its_alerts_out_says_nothing_of_bad_ones(name):
    assert read(name, {"groupKey": "g", "status": "resolved", "alerts": []}).note == ""


@pytest.mark.parametrize("bad", [7, None, {"severity": "critical"}], ids=str)
@pytest.mark.parametrize("wrap", [lambda rows: rows, lambda rows: {"alerts": rows}],
                         ids=["a list", "an object"])  # fmt: skip
def test_one_bad_item_does_not_spoil_a_list_of_any_tool(wrap, bad):
    report = read("generic", wrap([{"id": "a"}, bad, {"id": "b"}]))
    assert [one.identity for one in report.alerts] == ["a", "b"]
    assert report.note.startswith("1 of 3 could not be read")


def test_one_bad_item_does_not_spoil_a_list_that_is_mapped():
    mapping = {"items": "checks", "identity": "name", "title": "name"}
    report = read("generic", {"checks": [{"name": "a"}, "x", {}]}, mapping=mapping)
    assert [one.identity for one in report.alerts] == ["a"]
    assert report.note.startswith("2 of 3 could not be read")


@pytest.mark.parametrize("told", [{"event": "test"}, {"status": "Test"}, {"event": "ping"}])
def test_a_test_of_any_tool_opens_nothing(told):
    assert read("generic", {"id": "a", **told}).alerts[0].signal is Signal.NOTICE


def test_whoever_maps_the_status_says_what_it_means():
    mapping = {"identity": "id", "title": "id", "status": "environment"}
    body = {"id": "a", "environment": "test"}
    assert read("generic", body, mapping=mapping).alerts[0].signal is Signal.FIRING


@pytest.mark.parametrize("word", ["healthy", "passed", "fixed", "ended", "restored"])
def test_more_words_for_an_end_are_known_to_any_tool(word):
    assert read("generic", {"id": "a", "status": word}).alerts[0].signal is Signal.RESOLVED
