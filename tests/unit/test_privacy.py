"""What stays of somebody who is erased: each kind of entry, names, ids and clocks."""

import pytest

from chalicelib.domain.events import Kind
from chalicelib.domain.privacy import (
    ERASED,
    NAME,
    WRITTEN,
    clocks_without,
    new_pseudonym,
    renamed,
    requester_as,
    without_private,
    wordless,
    written,
)

WHO = ({"R-1", "P-1"}, {"Rosa Lind"}, "E-1")
# Made by the desk itself, or of words that are chosen from a list.
NOTHING_TYPED = {
    Kind.ACCEPTED, Kind.UNASSIGNED, Kind.UNSTAFFED, Kind.NOT_ACCEPTED, Kind.PAGED,
    Kind.PAGE_ACKNOWLEDGED, Kind.WATCHED, Kind.UNWATCHED, Kind.SLA_WARNED, Kind.SLA_BREACHED,
    Kind.SLA_CHANGED, Kind.HELD, Kind.RESUMED, Kind.REOPENED, Kind.CLOSED, Kind.FOLLOWED_UP,
    Kind.ALERT_FIRED, Kind.ALERT_CHANGED, Kind.ALERT_NOTED, Kind.ALERT_FLAPPING, Kind.ALERT_STEADY,
    Kind.ALERT_STALE, Kind.ALERT_RESOLVED, Kind.STORM_BEGAN, Kind.FOLDED, Kind.UNFOLDED,
    Kind.ERASED,
}  # fmt: skip


def test_of_each_kind_of_entry_it_is_decided_what_people_typed():
    assert set(WRITTEN) | NOTHING_TYPED == set(Kind)
    assert not set(WRITTEN) & NOTHING_TYPED


def test_words_go_and_facts_stay():
    said = {"body": "My till", "status": "open", "woke": True}
    assert wordless(Kind.REPLY, said) == {"body": ERASED, "status": "open", "woke": True}
    assert written(Kind.REPLY, said) == {"body": "My till"}
    assert wordless(Kind.REPLY, {"body": ""}) == {"body": ""}


def test_a_reason_that_is_a_choice_stays():
    held = {"reason": "third_party", "until": None}
    assert wordless(Kind.HELD, held) == held


def test_a_change_loses_the_subjects_that_it_tells_of():
    data = {"before": {"subject": "A", "impact": "low"}, "after": {"subject": "B"}}
    assert wordless(Kind.CHANGED, data) == {
        "before": {"subject": ERASED, "impact": "low"}, "after": {"subject": ERASED},
    }  # fmt: skip
    assert wordless(Kind.CHANGED, data, None) == {"before": {"impact": "low"}, "after": {}}


def test_erasing_twice_changes_nothing_more():
    for kind in Kind:
        data = {name: "word" for names in WRITTEN.values() for name in names}
        once = renamed(wordless(kind, data), *WHO)
        assert renamed(wordless(kind, once), *WHO) == once


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"id": "R-1", "name": "Rosa Lind"}, {"id": "E-1", "name": NAME}),
        ({"id": "R-2", "name": "Rosa Lind"}, {"id": "R-2", "name": "Rosa Lind"}),
        ({"to": [{"id": "P-1", "name": "R."}]}, {"to": [{"id": "E-1", "name": NAME}]}),
        ({"last": {"by": "Rosa Lind"}}, {"last": {"by": NAME}}),
        ({"status": "Rosa Lind"}, {"status": "Rosa Lind"}),
        (["P-1", "P-2"], ["E-1", "P-2"]),
        ({"id": 7, "name": None}, {"id": 7, "name": None}),
        (None, None),
        ("P-1", "E-1"),
    ],
)
def test_somebody_is_called_by_a_pseudonym_wherever_they_are_named(before, after):
    assert renamed(before, *WHO) == after


def test_a_date_set_by_hand_keeps_the_date():
    clocks = [{"kind": "resolution", "override": ["due", "set", "Rosa Lind", "As agreed."]}, {}]
    both = clocks_without(clocks, {"Rosa Lind"}, words=True)
    assert both == [{"kind": "resolution", "override": ["due", "set", NAME, ERASED]}, {}]
    named = clocks_without(clocks, {"Ana"}, words=False)
    assert named == clocks
    assert clocks_without(None, set(), words=True) is None


def test_a_pseudonym_says_nothing_and_is_mailed_by_nobody():
    names = {new_pseudonym() for _ in range(100)}
    assert len(names) == 100
    asked = requester_as("E-ABC", "clinic.example")
    assert asked["email"] == "e-abc@erased.invalid"
    assert asked["organisation"] == "clinic.example"
    assert "organisation" not in requester_as("E-ABC", None)


def test_what_only_the_job_has_to_know_is_left_out():
    assert without_private({"person": "R-1", "_email": "rosa@shop.example"}) == {"person": "R-1"}
