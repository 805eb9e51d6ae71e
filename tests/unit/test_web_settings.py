"""Settings in words and forms: whom a policy is for, round trips, and figures of a month."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import calendars, policy_checks
from chalicelib.domain.calendars import ALWAYS, Calendar
from chalicelib.domain.errors import FieldError
from chalicelib.domain.policies import OF_BRANCH, STANDARD, Policy, Rung
from chalicelib.web import attainment_marks, calendar_form, calendar_marks, policy_form
from chalicelib.web.policy_fields import PolicyForm
from chalicelib.web.policy_page import moved
from chalicelib.web.policy_refusals import fields_of
from chalicelib.web.policy_words import for_whom, promises
from chalicelib.web.refusals import parts_of

NOW = datetime(2026, 12, 30, 12, tzinfo=UTC)
GOLD = replace(STANDARD, id="gold", name="Gold")
LISBON = Calendar(
    "lisbon", "Lisbon", 3, "Europe/Lisbon", (((540, 750), (810, 1080)),) * 5 + ((),) * 2,
    frozenset({date(2026, 12, 31)}), {date(2027, 1, 1): ((600, 720),)}, "PT", None,
    {date(2027, 1, 1): "New Year's Day", date(2027, 1, 2): "A Saturday"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ({}, "All tickets"),
        ({"priority": ["P1"], "type": ["incident"], "branch": ["Lyon"]}, "P1 incidents of Lyon"),
        ({"priority": ["P1", "P2"]}, "P1 or P2 tickets"),
        ({"type": ["problem", "change", "incident"]}, "Problems, changes or incidents"),
        ({"channel": ["phone", "walk_in"], "tag": ["vip"], "category": ["Tills"]},
         "Tickets about Tills by phone or walk-in tagged vip"),
        ({"organisation": ["shop.example"]}, "Tickets from shop.example"),
    ],
)  # fmt: skip
def test_whom_a_policy_is_for_reads_as_a_sentence(conditions, words):
    assert for_whom(replace(GOLD, conditions=conditions)) == words


def test_the_standard_policy_is_for_the_rest():
    assert for_whom(STANDARD) == "Whatever no other policy is for"


def test_promises_are_short_and_a_target_that_is_not_measured_shows_a_dash():
    policy = replace(GOLD, targets={**GOLD.targets, "P1": {"resolution": 5400}})
    first, _, resolution = promises(policy)
    assert (first["spans"][0], resolution["spans"][0]) == ("–", "1h 30m")


spans = st.none() | st.integers(60, 10_000_000)
rows = st.fixed_dictionaries(
    {"first_response": st.integers(60, 10_000_000)},
    optional={"next_response": spans, "resolution": spans,
              "time_to_accept": st.dictionaries(st.sampled_from("123"), spans)},
)  # fmt: skip
rungs = st.builds(
    Rung, after=st.integers(60, 1_000_000), action=st.sampled_from(policy_checks.ACTIONS),
    when=st.sampled_from(policy_checks.CONDITIONS), hours=st.sampled_from(("working", "any")),
)  # fmt: skip


@given(
    targets=st.fixed_dictionaries(dict.fromkeys(("P1", "P2", "P3", "P4", "P5"), rows)),
    warnings=st.sets(st.integers(1, 99), max_size=10),
    ladder=st.lists(rungs, max_size=20, unique_by=lambda rung: rung.after),
    conditions=st.fixed_dictionaries({}, optional={"priority": st.just(["P2"]),
                                                   "tag": st.just(["vip", "press"])}),
)  # fmt: skip
def test_a_policy_in_its_editor_is_the_same_policy(targets, warnings, ladder, conditions):
    policy = Policy("gold", "Gold", 1, OF_BRANCH, targets, conditions, tuple(sorted(warnings)),
                    tuple(sorted(ladder, key=lambda rung: rung.after)))  # fmt: skip
    typed = {name: text for name, text in policy_form.typed_of(policy).items() if text}
    data = policy_form.data_of(PolicyForm.model_validate_strings(typed))
    assert policy_checks.check(data, []) == []
    again = Policy.from_data(data)
    assert (again.ladder, again.warnings) == (policy.ladder, policy.warnings)
    assert again.conditions == conditions
    for priority, row in targets.items():
        for target, given_ in row.items():
            for tier in (1, 2, 3):
                assert again.within(priority, target, tier) == policy.within(priority, target, tier)
                assert given_ is None or isinstance(given_, int | dict)


def test_every_refusal_that_the_domain_knows_finds_a_field():
    pointers = {
        "/id": "id", "/conditions": "form", "/conditions/tag/3": "for_tag",
        "/conditions/priority/0": "for_priority", "/targets/P1": "P1_first_response",
        "/targets/P2/resolution": "P2_resolution", "/targets/P3/time_to_accept/2": "P3_accept2",
        "/ladder": "form", "/ladder/1/after": "step4_after", "/ladder/0/targets": "step2_targets",
        "/warnings/1": "warnings", "/days": "days", "/nonsense": "form", "": "form",
    }  # fmt: skip
    typed = {"step2_after": "1h", "step4_after": "2h", "step4_action": "tell_lead"}
    for pointer, field in pointers.items():
        assert list(fields_of([FieldError(pointer, "x")], typed)) == [field]
        assert list(fields_of([FieldError(f"/policy{pointer}", "x")], typed, "/policy")) == [field]


def test_pointers_are_read_as_their_standard_says():
    assert parts_of("/conditions/a~1b~0c/0") == ["conditions", "a/b~c", "0"]


def test_policies_move_among_those_in_use():
    found = [replace(GOLD, id=name, retired=name == "r") for name in ("a", "r", "b")] + [STANDARD]
    assert moved(found, "b", -1) == ["b", "a", "r"]
    assert moved(found, "a", -1) == ["a", "b", "r"]
    assert moved(found, "r", 1) == ["a", "b", "r"]


def test_a_calendar_in_its_editor_is_the_same_calendar():
    typed = {name: text for name, text in calendar_form.typed_of(LISBON).items() if text}
    form = calendar_form.CalendarForm.model_validate_strings(typed)
    data = {**LISBON.to_data(), **calendar_form.data_of(form)}
    assert calendars.check(data) == []
    assert Calendar.from_data(data) == LISBON


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("9-12:30, 13:30 – 18", [["09:00", "12:30"], ["13:30", "18:00"]]),
        ("24h", [["00:00", "24:00"]]),
        (" ", []),
        ("noon", [["noon"]]),
        ("9-12-15", [["09:00", "12:00", "15:00"]]),
    ],
)
def test_hours_are_read_as_people_write_them(text, hours):
    assert calendar_form.intervals(text) == hours


def test_special_days_come_in_order_and_name_why_they_differ():
    found = calendar_marks.special_days(LISBON, NOW)
    assert [(one["day"].isoformat(), one["name"], one["words"]) for one in found] == [
        ("2026-12-31", "Given holiday", "closed"),
        ("2027-01-01", "One-off opening (New Year's Day)", "10:00–12:00"),
    ]
    assert calendar_marks.special_days(ALWAYS, NOW) == []


@pytest.mark.parametrize(
    ("met", "breached", "text", "tone"),
    [(0, 0, "–", "off"), (1, 0, "100 %", "ok"), (9_999, 1, "99.9 %", "ok"),
     (95, 5, "95 %", "ok"), (949, 51, "94.9 %", "warn"), (0, 3, "0 %", "bad")],
)  # fmt: skip
def test_a_share_is_cut_and_not_rounded(met, breached, text, tone):
    rated = attainment_marks.rated({"met": met, "breached": breached})
    assert (rated["percent"], rated["tone"]) == (text, tone)


def test_months_have_neighbours_over_the_year():
    assert attainment_marks.neighbour("2026-12", 1) == "2027-01"
    assert attainment_marks.neighbour("2026-01", -1) == "2025-12"
    assert attainment_marks.month_asked("2027-01", NOW) == "2026-12"
