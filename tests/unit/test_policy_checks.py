"""Policies that somebody wrote: each fault with its field and its reason."""

import json

import pytest

from chalicelib.domain.conditions import MOST_VALUES
from chalicelib.domain.policies import FACTS, STANDARD, Policy
from chalicelib.domain.policy_checks import LONGEST, MOST_RUNGS, MOST_WARNINGS, check
from chalicelib.domain.vocabulary import Priority

CALENDARS = ["24x7", "lisbon"]
GOOD = json.loads(json.dumps({**STANDARD.to_data(), "id": "gold", "name": "Gold"}))
TEN_YEARS = 10 * 365 * 24 * 3600


def targets(**row: object) -> dict:
    """The good ones, but for the highest priority."""
    return {"targets": {**GOOD["targets"], "P1": row}}


def rungs(*rungs: object) -> dict:
    return {"ladder": list(rungs)}


def rung(after: object = 0, action: object = "tell_lead", **more: object) -> dict:
    return {"after": after, "action": action, **more}


BAD = {
    "no id": ({"id": None}, "/id"),
    "an id with a slash": ({"id": "a/b"}, "/id"),
    "an id with a space": ({"id": "gold plan"}, "/id"),
    "an id that is too long": ({"id": "g" * 61}, "/id"),
    "a blank name": ({"name": " "}, "/name"),
    "a name that is too long": ({"name": "g" * 101}, "/name"),
    "an unknown field": ({"a/b~c": 1}, "/a~1b~0c"),
    "an unknown calendar": ({"calendar": "moon"}, "/calendar"),
    "no calendar": ({"calendar": None}, "/calendar"),
    "a list of calendars": ({"calendar": ["24x7"]}, "/calendar"),
    "a version in words": ({"version": "two"}, "/version"),
    "a half version": ({"version": 1.5}, "/version"),
    "retired in words": ({"retired": "yes"}, "/retired"),
    "no day to reopen": ({"reopen_within_days": -1}, "/reopen_within_days"),
    "more than a year to reopen": ({"reopen_within_days": 366}, "/reopen_within_days"),
    "half a day to reopen": ({"reopen_within_days": 0.5}, "/reopen_within_days"),
    # Targets: from a minute to ten years.
    "an unknown priority": ({"targets": {**GOOD["targets"], "P6": {}}}, "/targets/P6"),
    "a priority without targets": (targets(), "/targets/P1"),
    "a priority with nothing but gaps": (
        targets(resolution=None, time_to_accept={"1": None}),
        "/targets/P1",
    ),
    "an unknown target": (targets(resolution=60, update=60), "/targets/P1/update"),
    "a target for being assigned": (
        targets(resolution=60, assignment=60),
        "/targets/P1/assignment",
    ),
    "a target below a minute": (targets(first_response=59), "/targets/P1/first_response"),
    "a target of nothing": (targets(first_response=0), "/targets/P1/first_response"),
    "a target above ten years": (targets(resolution=TEN_YEARS + 1), "/targets/P1/resolution"),
    "a target in words": (targets(resolution="4h"), "/targets/P1/resolution"),
    "a target of half a second": (targets(resolution=60.5), "/targets/P1/resolution"),
    "a target that is true": (targets(resolution=True), "/targets/P1/resolution"),
    "a resolution by tier": (targets(resolution={"1": 60}), "/targets/P1/resolution"),
    "an unknown tier": (targets(time_to_accept={"4": 60}), "/targets/P1/time_to_accept/4"),
    "a short time to accept": (
        targets(time_to_accept={"1": 600, "2": 5}),
        "/targets/P1/time_to_accept/2",
    ),
    # Conditions: on known fields, with known words.
    "conditions in a list": ({"conditions": ["vip"]}, "/conditions"),
    "a condition on an unknown field": ({"conditions": {"mood": ["bad"]}}, "/conditions/mood"),
    "a condition in one word": ({"conditions": {"tag": "vip"}}, "/conditions/tag"),
    "a condition without words": ({"conditions": {"tag": []}}, "/conditions/tag"),
    "a condition of blanks": ({"conditions": {"tag": [" "]}}, "/conditions/tag"),
    "a condition of numbers": ({"conditions": {"tag": [7]}}, "/conditions/tag"),
    "too many words": ({"conditions": {"tag": ["t"] * (MOST_VALUES + 1)}}, "/conditions/tag"),
    "an unknown priority in a condition": (
        {"conditions": {"priority": ["P1", "P9"]}},
        "/conditions/priority/1",
    ),
    "an unknown type": ({"conditions": {"type": ["wish"]}}, "/conditions/type/0"),
    "an unknown channel": ({"conditions": {"channel": ["fax"]}}, "/conditions/channel/0"),
    # Warnings: shares of a target.
    "a warning after the breach": ({"warnings": [50, 120]}, "/warnings/1"),
    "a warning at the start": ({"warnings": [0]}, "/warnings/0"),
    "a warning at the breach": ({"warnings": [100]}, "/warnings/0"),
    "a warning twice": ({"warnings": [50, 50]}, "/warnings/1"),
    "half a per cent": ({"warnings": [0.5]}, "/warnings/0"),
    "warnings left empty": ({"warnings": None}, "/warnings"),
    "too many warnings": ({"warnings": list(range(1, MOST_WARNINGS + 2))}, "/warnings"),
    # The ladder: known actions, in order.
    "a ladder left empty": ({"ladder": None}, "/ladder"),
    "a ladder too high": (rungs(*map(rung, range(MOST_RUNGS + 1))), "/ladder"),
    "a rung in words": (rungs("tell the lead"), "/ladder/0"),
    "a rung with an unknown field": (rungs(rung(colour="red")), "/ladder/0/colour"),
    "a rung without its time": (rungs({"action": "tell_lead"}), "/ladder/0/after"),
    "a rung before the breach": (rungs(rung(-60)), "/ladder/0/after"),
    "a rung in ten years and more": (rungs(rung(LONGEST + 1)), "/ladder/0/after"),
    "an unknown action": (rungs(rung(0, "shout")), "/ladder/0/action"),
    "no action": (rungs({"after": 0}), "/ladder/0/action"),
    "an unknown condition of a rung": (rungs(rung(60, when="bored")), "/ladder/0/when"),
    "unknown hours": (rungs(rung(60, when="unassigned", hours="night")), "/ladder/0/hours"),
    "a rung for an unknown target": (rungs(rung(targets=["update"])), "/ladder/0/targets"),
    "a rung for no target": (rungs(rung(targets=[])), "/ladder/0/targets"),
    "rungs out of order": (rungs(rung(60), rung(0, "next_tier")), "/ladder/1/after"),
    "two rungs at once": (rungs(rung(60), rung(60, "tell_manager")), "/ladder/1/after"),
    "rungs out of order for one of their targets": (
        rungs(rung(60, targets=["resolution"]), rung(30, targets=["first_response", "resolution"])),
        "/ladder/1/after",
    ),
    "a wait below a minute": (rungs(rung(59, when="unanswered")), "/ladder/0/after"),
    "waits out of order": (
        rungs(rung(600, when="unassigned"), rung(60, when="unassigned", hours="any")),
        "/ladder/1/after",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "pointer"), BAD.values(), ids=BAD)
def test_a_bad_policy_is_refused_with_its_field_and_a_reason(change, pointer):
    wrong = check({**GOOD, **change}, CALENDARS)
    assert [error.pointer for error in wrong] == [pointer]
    assert wrong[0].detail.endswith(".")


@pytest.mark.parametrize("data", [None, [], "gold", 7, True], ids=repr)
def test_what_is_no_policy_at_all_is_refused(data):
    assert [error.pointer for error in check(data, CALENDARS)] == [""]


def test_every_priority_needs_its_targets():
    for targets in ([], None, {}):
        wrong = check({**GOOD, "targets": targets}, CALENDARS)
        assert [error.pointer for error in wrong] == [f"/targets/{one}" for one in Priority]


def test_every_fault_is_told_at_once():
    wrong = check({**GOOD, "name": "", "calendar": "moon", **rungs(rung(0, "shout"))}, CALENDARS)
    assert [error.pointer for error in wrong] == ["/name", "/calendar", "/ladder/0/action"]


GOOD_CHANGES = {
    "the standard one": STANDARD.to_data(),
    "only what must be there": {
        key: GOOD[key] for key in ("id", "name", "calendar", "targets")
    },
    "the calendar of the branch": {**GOOD, "calendar": "branch"},
    "conditions on everything": {
        **GOOD,
        "conditions": {name: ["P1"] if name == "priority" else ["incident"] if name == "type"
                       else ["mail"] if name == "channel" else ["Any word"] for name in FACTS},
    },
    "one target only": {**GOOD, **targets(resolution=60)},
    "a time to accept for all tiers": {**GOOD, **targets(time_to_accept=TEN_YEARS)},
    "no warnings and no ladder": {**GOOD, "warnings": [], "ladder": []},
    "rungs of their own for each target": {
        **GOOD, **rungs(rung(60, targets=["resolution"]), rung(60, targets=["first_response"]),
                        rung(60, when="unanswered"), rung(60, when="unassigned", hours="any")),
    },
}  # fmt: skip


@pytest.mark.parametrize("data", GOOD_CHANGES.values(), ids=GOOD_CHANGES)
def test_a_good_policy_can_be_used(data):
    assert check(data, CALENDARS) == []
    assert Policy.from_data(data).name


def test_the_standard_policy_is_for_everybody_and_stays():
    standard = {**GOOD, "id": "standard", "conditions": {"tag": ["vip"]}, "retired": True}
    assert [error.pointer for error in check(standard, CALENDARS)] == ["/conditions", "/retired"]
