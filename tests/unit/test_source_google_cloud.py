"""Google Cloud Monitoring: what an incident is known by, and the console's test."""

import json
from typing import Any

import pytest

from chalicelib.adapters.monitoring.google_cloud import SOURCE
from chalicelib.adapters.monitoring.source import Delivery
from chalicelib.domain.alerts import Alert

CONDITION = "projects/shop/alertPolicies/35288/conditions/35289"
INCIDENT = {
    "incident_id": "0.abc",
    "state": "open",
    "scoping_project_id": "shop",
    "policy_name": "Databases",
    "condition_name": "Disk full",
    "condition": {"name": CONDITION, "displayName": "Disk full"},
    "resource": {"type": "gce_instance", "labels": {"instance_id": "11"}},
    "metric": {"type": "disk", "displayName": "Disk", "labels": {"device": "sda"}},
}


def read(**other: Any) -> Alert:
    body = {"version": "1.2", "incident": {**INCIDENT, **other}}
    return SOURCE.parse(Delivery(json.dumps(body).encode())).alerts[0]


def test_the_consoles_test_opens_nothing():
    body = {"version": "test", "incident": {**INCIDENT, "summary": "Test notification"}}
    report = SOURCE.parse(Delivery(json.dumps(body).encode()))
    assert not report.alerts
    assert "Test notification" in report.note


def test_a_condition_that_is_renamed_is_the_same():
    renamed = {"condition": {"name": CONDITION, "displayName": "Full"}, "condition_name": "Full"}
    assert read(policy_name="DBs", **renamed).identity == read().identity


def test_the_next_incident_of_a_condition_is_another_episode_of_the_same():
    later = read(incident_id="0.def", severity="Critical", started_at=1795424400)
    assert later.identity == read().identity
    assert later.episode != read().episode


@pytest.mark.parametrize(
    "other",
    [
        {"metric": {"type": "disk", "labels": {"device": "sdb"}}},
        {"resource": {"type": "gce_instance", "labels": {"instance_id": "12"}}},
        {"condition": {"name": CONDITION + "0"}},
    ],
    ids=["metric", "resource", "condition"],
)
def test_two_time_series_of_a_condition_are_two(other):
    assert read(**other).identity != read().identity


def test_a_condition_without_labels_is_known_by_its_name():
    bare = read(resource=None, metric=None)
    assert bare.identity == read(resource=None, metric=None, incident_id="0.def").identity


def test_conditions_of_one_name_in_two_projects_are_two():
    here, there = (read(condition=None, scoping_project_id=one) for one in ("shop", "lab"))
    assert here.identity != there.identity
