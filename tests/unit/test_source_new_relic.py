"""New Relic: what an issue is about, and its test notification."""

import json
from typing import Any

import pytest

from chalicelib.adapters.monitoring.new_relic import SOURCE
from chalicelib.adapters.monitoring.source import Delivery
from chalicelib.domain.alerts import Alert, Signal

ISSUE = {
    "id": "issue-1",
    "state": "ACTIVATED",
    "priority": "CRITICAL",
    "title": "The error rate is high",
    "alertPolicyNames": ["Shop"],
    "alertConditionNames": ["Error rate"],
    "impactedEntities": ["checkout"],
    "conditionIds": [7],
    "entityIds": ["MXxBUE18"],
}


def read(**other: Any) -> Alert:
    return SOURCE.parse(Delivery(json.dumps({**ISSUE, **other}).encode())).alerts[0]


def test_the_next_issue_about_the_same_is_another_episode_of_the_same():
    first, second = read(), read(id="issue-2", priority="HIGH")
    assert first.identity == second.identity
    assert (first.episode, second.episode) == ("issue-1", "issue-2")


def test_names_are_edited_and_ids_are_not():
    names = {"alertConditionNames": ["Errors"], "alertPolicyNames": ["Web"], "title": "x"}
    assert read(impactedEntities=["till"], **names).identity == read().identity


@pytest.mark.parametrize("other", [{"conditionIds": [8]}, {"entityIds": ["MXxBUE19"]}])
def test_two_conditions_or_entities_are_two(other):
    assert read(**other).identity != read().identity


def test_what_an_issue_gathers_while_it_lasts_does_not_keep_it_from_ending():
    over = read(state="CLOSED", conditionIds=[7, 9], entityIds=["MXxBUE18", "MXxBUE19"])
    assert (over.identity, over.signal) == (read().identity, Signal.RESOLVED)


@pytest.mark.parametrize(
    "names",
    [
        {"conditionFamilyId": 7, "entityGuids": ["MXxBUE18"]},
        {"condition_family_id": "7", "entityGuid": "MXxBUE18"},
        {"accumulations": {"conditionFamilyId": [7]}, "entitiesData": {"ids": ["MXxBUE18"]}},
    ],
    ids=str,
)
def test_the_ids_may_have_other_names(names):
    assert read(conditionIds=None, entityIds=None, **names).identity == read().identity


@pytest.mark.parametrize("missing", [{"conditionIds": []}, {"entityIds": None}])
def test_an_issue_without_both_ids_is_known_by_its_own(missing):
    assert read(**missing).identity == "issue-1"


def test_a_test_notification_opens_nothing():
    assert read(id="d1b1f3fd-995a-4066-88ab-8ce4f6960654").signal is Signal.NOTICE


def test_the_old_shape_may_have_one_target_that_is_no_list():
    body = {"current_state": "open", "incident_id": "i1", "condition_name": "CPU",
            "targets": {"id": "MXxBUE18", "name": "web-1"}}  # fmt: skip
    alert = SOURCE.parse(Delivery(json.dumps(body).encode())).alerts[0]
    assert (alert.title, alert.episode) == ("CPU on web-1", "i1")
