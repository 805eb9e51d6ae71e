"""Policies of any shape: garbage is refused, and what is accepted can be computed with."""

import json
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain import sla
from chalicelib.domain.calendars import ALWAYS
from chalicelib.domain.policies import FACTS, STANDARD, Policy
from chalicelib.domain.policy_checks import check
from chalicelib.domain.sla_steps import steps_due, still_to_come
from chalicelib.domain.vocabulary import TARGETS, Priority, Target
from tests.cast import MONDAY_9

CALENDARS = ["24x7", "lisbon"]
GOOD = json.loads(json.dumps({**STANDARD.to_data(), "id": "gold", "name": "Gold"}))
TEN_YEARS = 10 * 365 * 24 * 3600

words = st.sampled_from([
    *FACTS, *TARGETS, *Priority, "after", "action", "when", "hours", "targets", "1", "2", "3",
    "breached", "unanswered", "unassigned", "next_tier", "tell_lead", "any", "working", "24x7",
    "branch", "gold", "",
]).map(str)  # fmt: skip
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), words,
    st.integers(0, 100), st.sampled_from([59, 60, 3600, TEN_YEARS, TEN_YEARS + 1]),
)  # fmt: skip
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(words, st.text(max_size=4)), inner, max_size=4),
    ),
    max_leaves=12,
)
# Policies as somebody might mean them, with any shape that the rules allow.

spans = st.one_of(st.none(), st.integers(60, TEN_YEARS), st.sampled_from([60, TEN_YEARS]))
rows = st.fixed_dictionaries(
    {"resolution": st.integers(60, TEN_YEARS)},
    optional={
        "first_response": spans,
        "next_response": spans,
        "time_to_accept": st.one_of(
            spans, st.dictionaries(st.sampled_from(["1", "2", "3"]), spans, max_size=3)
        ),
    },
)
rests_of_rungs = st.fixed_dictionaries(
    {"action": st.sampled_from(["next_tier", "tell_lead", "tell_manager"])},
    optional={
        "when": st.sampled_from(["breached", "unanswered", "unassigned"]),
        "hours": st.sampled_from(["working", "any"]),
        "targets": st.lists(st.sampled_from(TARGETS).map(str), min_size=1),
    },
)
ladders = st.lists(st.tuples(st.integers(60, 10**6), rests_of_rungs), max_size=5).map(
    lambda found: [
        {"after": after + place, **rest}
        for place, (after, rest) in enumerate(sorted(found, key=lambda one: one[0]))
    ]
)
good = st.fixed_dictionaries(
    {
        "id": st.just("gold"),
        "name": st.just("Gold"),
        "calendar": st.sampled_from([*CALENDARS, "branch"]),
        "targets": st.fixed_dictionaries({priority.value: rows for priority in Priority}),
    },
    optional={
        "conditions": st.dictionaries(
            st.sampled_from(["category", "organisation", "branch", "tag"]),
            st.lists(st.text("ab ", min_size=1).filter(str.strip), min_size=1),
        ),
        "warnings": st.lists(st.integers(1, 99), max_size=4, unique=True),
        "ladder": ladders,
        "version": st.integers(),
        "retired": st.booleans(),
        "reopen_within_days": st.integers(0, 365),
    },
)


@settings(deadline=None, max_examples=300)
@given(anything)
def test_garbage_is_refused_and_never_breaks_the_check(data):
    assert check(data, CALENDARS)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(sorted(GOOD)), anything)
def test_garbage_in_any_field_never_breaks_the_check_nor_what_comes_after_it(name, garbage):
    data = {**GOOD, name: garbage}
    if not check(data, CALENDARS):
        use(data)


@settings(deadline=None)
@given(good, st.one_of(st.none(), st.tuples(st.sampled_from(sorted(GOOD)), anything)))
def test_whatever_is_accepted_can_be_loaded_stored_and_computed_with(data, spoilt):
    assert check(data, CALENDARS) == []
    use(data)
    if spoilt and not check({**data, spoilt[0]: spoilt[1]}, CALENDARS):
        use({**data, spoilt[0]: spoilt[1]})


def use(data: dict) -> None:
    """For every clock of every priority."""
    policy = Policy.from_data(data)
    assert Policy.from_data(json.loads(json.dumps(policy.to_data()))) == policy
    policy.matches({"tag": ["a"], "priority": "P1", "branch": None})
    for priority in Priority:
        clocks = sla.start(policy, priority, 2, MONDAY_9, ALWAYS)
        clocks = sla.begin(clocks, Target.NEXT_RESPONSE, 60, MONDAY_9, ALWAYS)
        steps = [step for clock in clocks for step in still_to_come(clock, policy)]
        names = [(step.target, step.name) for step in steps]
        assert len(names) == len(set(names))
        assert all(step.at >= MONDAY_9 for step in steps)
        assert len(steps_due(clocks, policy, MONDAY_9 + timedelta(days=9000))) == len(steps)
