"""Nagios goes quiet about what flaps, so the beginning and the end of flapping must suffice."""

import json

import pytest

from tests.cast import after
from tests.integration.monitoring import connect, incident, incidents, send

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def nagios():
    return connect("nagios", flap_changes=0)


def tell(nagios, kind, state, number, minutes):
    last_change = int(after(minutes=minutes).timestamp())
    told = {"NOTIFICATIONTYPE": kind, "HOSTNAME": "db-1", "SERVICEDESC": "Disk",
            "SERVICESTATE": state, "SERVICEPROBLEMID": number, "LASTSERVICEPROBLEMID": "17",
            "LASTSERVICESTATECHANGE": str(last_change)}  # fmt: skip
    send(nagios, json.dumps(told).encode(), after(minutes=minutes))


@pytest.mark.parametrize(("state", "number"), [("CRITICAL", "18"), ("OK", "0")])
def test_flapping_opens_the_incident_again_whose_end_was_told(nagios, state, number):
    tell(nagios, "PROBLEM", "CRITICAL", "17", 0)
    tell(nagios, "RECOVERY", "OK", "0", 1)
    assert incident().status == "resolved"
    tell(nagios, "FLAPPINGSTART", state, number, 2)
    assert (incident().status, incident().alert["flapping"]) == ("open", True)
    tell(nagios, "FLAPPINGSTOP", "OK", "0", 5)
    assert (incident().status, incident().alert["firing"]) == ("resolved", False)


def test_a_problem_that_outlasts_its_flapping_ends_under_a_later_number(nagios):
    tell(nagios, "PROBLEM", "CRITICAL", "17", 0)
    tell(nagios, "FLAPPINGSTART", "CRITICAL", "19", 2)
    tell(nagios, "FLAPPINGSTOP", "CRITICAL", "24", 5)
    assert (incident().status, incident().alert.get("flapping")) == ("new", None)
    tell(nagios, "RECOVERY", "OK", "0", 6)
    assert incident().status == "resolved"


def test_a_recovery_that_comes_after_the_next_problem_ends_nothing(nagios):
    tell(nagios, "PROBLEM", "CRITICAL", "18", 10)
    tell(nagios, "RECOVERY", "OK", "0", 5)
    assert incident().alert["firing"]


def test_flapping_that_nobody_knew_of_opens_an_incident(nagios):
    tell(nagios, "FLAPPINGSTART", "OK", "0", 0)
    assert [one.subject for one in incidents()] == ["Disk on db-1 is FLAPPING"]
