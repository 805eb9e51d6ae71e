"""Azure Monitor: what an alert is known by, and alerts of the activity log."""

import json
from typing import Any

import pytest

from chalicelib.adapters.monitoring.azure_monitor import SOURCE
from chalicelib.adapters.monitoring.source import Delivery
from chalicelib.domain.alerts import Alert, Signal

GROUP = "/subscriptions/s1/resourcegroups"
TOLD = {
    "alertId": "/subscriptions/s1/providers/Microsoft.AlertsManagement/alerts/a1",
    "alertRule": "Disk full",
    "alertRuleID": f"{GROUP}/shop/providers/Microsoft.Insights/metricAlerts/Disk full",
    "severity": "Sev1",
    "signalType": "Metric",
    "monitorCondition": "Fired",
    "monitoringService": "Platform",
    "alertTargetIDs": [f"{GROUP}/shop/providers/Microsoft.Compute/virtualMachines/db-1"],
    "configurationItems": ["db-1"],
    "firedDateTime": "2026-11-23T09:00:00Z",
}
LOG = {"signalType": "Activity Log", "configurationItems": None}
HEALTH = {**LOG, "monitoringService": "ServiceHealth"}


def read(context: Any = None, **other: Any) -> Alert:
    body = {"data": {"essentials": {**TOLD, **other}, "alertContext": context}}
    return SOURCE.parse(Delivery(json.dumps(body).encode())).alerts[0]


def measured(*dimensions: tuple[str, str], value: float = 1.5) -> dict[str, Any]:
    named = [{"name": name, "value": told} for name, told in dimensions]
    return {"condition": {"allOf": [{"metricName": "free", "metricValue": value,
                                     "dimensions": named}]}}  # fmt: skip


def happened(status: str, **properties: str) -> dict[str, Any]:
    return {"status": status, "operationName": "op", "properties": properties}


def test_two_machines_of_one_name_are_two():
    other = f"{GROUP}/lab/providers/Microsoft.Compute/virtualMachines/db-1"
    assert read(alertTargetIDs=[other]).identity != read().identity


def test_two_dimensions_of_one_rule_are_two():
    one, other = (read(measured(("disk", name))) for name in ("sda", "sdb"))
    assert one.identity != other.identity


def test_an_end_is_known_whatever_was_measured_and_however_ids_are_written():
    fired = read(measured(("disk", "sda"), ("host", "db-1"), value=1.5))
    over = read(
        measured(("host", "db-1"), ("disk", "sda"), value=80.25),
        monitorCondition="Resolved",
        severity="Sev3",
        alertTargetIDs=[TOLD["alertTargetIDs"][0].upper()],
        alertRuleID=str(TOLD["alertRuleID"]).upper(),
        alertRule="Disk Full",
    )
    assert (over.identity, over.signal) == (fired.identity, Signal.RESOLVED)


def test_rules_of_one_name_in_two_groups_are_two():
    other = str(TOLD["alertRuleID"]).replace("/shop/", "/lab/")
    assert read(alertRuleID=other).identity != read().identity


def test_a_test_of_an_action_group_opens_nothing():
    made_up = "/subscriptions/11111111-1111-1111-1111-111111111111/providers/x/alerts/1"
    assert read(alertId=made_up).signal is Signal.NOTICE


@pytest.mark.parametrize(
    ("status", "stage", "signal"),
    [
        ("Active", "Active", Signal.FIRING),
        ("Active", "InProgress", Signal.FIRING),
        ("Resolved", "Resolved", Signal.RESOLVED),
        ("Active", "RCA", Signal.RESOLVED),
    ],
)
def test_an_incident_of_azure_itself_ends_by_its_status(status, stage, signal):
    alert = read(happened(status, incidentType="Incident", stage=stage, trackingId="T1"), **HEALTH)
    assert alert.signal is signal


def test_incidents_of_azure_itself_are_told_apart_by_their_tracking_id():
    begun, over, other = (
        read(happened(status, incidentType="Incident", trackingId=number), alertId=number, **HEALTH)
        for status, number in (("Active", "T1"), ("Resolved", "T1"), ("Active", "T2"))
    )
    assert begun.identity == over.identity != other.identity


@pytest.mark.parametrize("kind", ["Maintenance", "Informational", "Information"])
def test_planned_work_of_azure_opens_nothing(kind):
    assert read(happened("Active", incidentType=kind), **HEALTH).signal is Signal.NOTICE


@pytest.mark.parametrize("service", ["Resource Health", "ResourceHealth"])
def test_a_resource_that_is_available_again_has_recovered(service):
    down, up = (
        read(happened(status, currentHealthStatus=health), **LOG, monitoringService=service)
        for status, health in (("Active", "Unavailable"), ("Active", "Available"))
    )
    assert (down.signal, up.signal) == (Signal.FIRING, Signal.RESOLVED)
    assert down.identity == up.identity


@pytest.mark.parametrize("status", ["Succeeded", "Failed", "Accepted"])
def test_what_never_ends_says_so(status):
    alert = read(happened(status), **LOG, monitoringService="Activity Log - Administrative")
    assert alert.signal is Signal.FIRING
    assert "no end" in alert.text


def test_what_ends_by_itself_does_not_say_that_it_never_does():
    assert "no end" not in read().text
    assert "no end" not in read(happened("Active", incidentType="Incident"), **HEALTH).text


def test_two_operations_that_one_rule_is_for_are_two():
    log = {**LOG, "monitoringService": "Activity Log - Administrative"}
    one, other = (
        read({"status": "Succeeded", "operationName": name}, **log) for name in ("delete", "start")
    )
    assert one.identity != other.identity
