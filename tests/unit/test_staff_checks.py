"""Routing rules, teams and people that somebody wrote: what is refused, and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import member_checks, routing, teams
from chalicelib.domain.member_checks import Known, cycle_wrong
from chalicelib.domain.routing import DEFAULT, Rule, first_match
from chalicelib.domain.teams import LEFT, SHIFT_END, Team

RULE = {"id": "tills", "name": "Tills", "conditions": {"text": ["till"]}, "tier": 2}
FACTS = {
    "type": "incident", "channel": "portal", "priority": "P3", "tag": ["shop"], "branch": "Lyon",
    "language": "fr", "text": "The TILL is frozen\nSince nine", "category": None,
    "organisation": "shop.example",
}  # fmt: skip


def rule(name: str = "r", **fields) -> Rule:
    return Rule(id=name, name=name, **fields)


def test_the_first_rule_that_matches_wins():
    by_text, by_tag = (
        rule("a", conditions={"text": ["till"]}),
        rule("b", conditions={"tag": ["shop"]}),
    )
    assert first_match([by_text, by_tag], FACTS) is by_text
    assert first_match([by_tag, by_text], FACTS) is by_tag


def test_what_no_rule_is_for_goes_to_the_first_tier():
    assert first_match([rule(conditions={"language": ["cs"]})], FACTS) is DEFAULT
    assert DEFAULT.tier == 1


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        ({}, True),
        ({"text": ["frozen", "burnt"]}, True),
        ({"text": ["TILL is"]}, True),
        ({"text": ["tills"]}, False),
        ({"language": ["fr"], "branch": ["lyon"]}, True),
        ({"language": ["fr"], "branch": ["Osaka"]}, False),
        ({"category": ["Network"]}, False),
        ({"organisation": ["shop.example"], "tag": ["x", "shop"]}, True),
    ],
)
def test_every_condition_has_to_hold_and_of_its_words_one(conditions, holds):
    assert (first_match([rule("mine", conditions=conditions)], FACTS).id == "mine") is holds


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"colour": "red"}, "/colour"),
        ({"conditions": {"mood": ["bad"]}}, "/conditions/mood"),
        ({"conditions": {"priority": ["P9"]}}, "/conditions/priority/0"),
        ({"conditions": {"text": []}}, "/conditions/text"),
        ({"conditions": []}, "/conditions"),
        ({"tier": 4}, "/tier"),
        ({"tier": True}, "/tier"),
        ({"team": "ghosts"}, "/team"),
        ({"priority": "urgent"}, "/priority"),
        ({"skills": {"network": 6}}, "/skills/network"),
        ({"skills": {"network": True}}, "/skills/network"),
        ({"skills": ["network"]}, "/skills"),
        ({"id": "new"}, "/id"),
        ({"name": ""}, "/name"),
        ({"id": "default", "conditions": {"tag": ["x"]}}, "/conditions"),
    ],
)
def test_a_wrong_rule_is_refused_at_its_place(changes, pointer):
    found = [one.pointer for one in routing.check({**RULE, **changes}, ["networks"])]
    assert pointer in found


def test_a_sound_rule_goes_through_and_stays_what_it_was():
    data = {**RULE, "team": "networks", "skills": {"network": 3}, "priority": "P2"}
    assert routing.check(data, ["networks"]) == []
    assert Rule.from_data(Rule.from_data(data).to_data()) == Rule.from_data(data)


garbage = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
MEMBER = {
    "name": "Ana", "email": "ana@desk.example", "role": "agent", "tiers": [1], "team": None,
    "skills": {}, "languages": ["pt"], "branch": None, "shift": None, "time_zone": "UTC",
    "capacity": 8,
}  # fmt: skip
KNOWN = Known(["networks"], ["lyon"], ["lisbon"])


@given(st.sampled_from(sorted(RULE)), garbage)
def test_no_rule_breaks_the_check(field, value):
    if not routing.check({**RULE, field: value}, []):
        Rule.from_data({**RULE, field: value})


@given(st.sampled_from(["strategy", "hand_over", "short_break", "dedicated", "name"]), garbage)
def test_no_team_breaks_the_check(field, value):
    data = {"id": "t", "name": "T", field: value}
    if not teams.check(data):
        Team.from_data(data)


@given(st.sampled_from(sorted(MEMBER)), garbage)
def test_no_person_breaks_the_check(field, value):
    member_checks.check({**MEMBER, field: value}, KNOWN)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"email": "ana"}, "/email"),
        ({"role": "requester"}, "/role"),
        ({"tiers": []}, "/tiers"),
        ({"tiers": [1, 1]}, "/tiers"),
        ({"tiers": [7]}, "/tiers"),
        ({"team": "ghosts"}, "/team"),
        ({"branch": "atlantis"}, "/branch"),
        ({"shift": "never"}, "/shift"),
        ({"skills": {"network": 0}}, "/skills/network"),
        ({"languages": ["Portuguese"]}, "/languages/0"),
        ({"time_zone": "Mars"}, "/time_zone"),
        ({"capacity": -1}, "/capacity"),
        ({"capacity": 1.5}, "/capacity"),
        ({"load": 3}, "/load"),
    ],
)
def test_a_wrong_person_is_refused_at_its_place(changes, pointer):
    assert pointer in [one.pointer for one in member_checks.check({**MEMBER, **changes}, KNOWN)]


def test_a_capacity_of_nothing_is_allowed_and_a_sound_person_too():
    assert member_checks.check({**MEMBER, "capacity": 0}, KNOWN) == []


def test_a_circle_of_substitutes_is_refused_however_long():
    assert list(cycle_wrong("a", {"a": "b", "b": "c", "c": "a"}))
    assert list(cycle_wrong("a", {"a": "a"}))
    assert not list(cycle_wrong("a", {"a": "b", "b": "c", "c": None}))
    assert not list(cycle_wrong("a", {"a": "b", "b": "c", "c": "b"}))  # another's circle


def test_a_teams_rule_says_what_moves_and_who_leaves_takes_nothing_along():
    team = Team("t", "T", hand_over={SHIFT_END: ["P1"]})
    assert team.moves("P1", SHIFT_END)
    assert not team.moves("P2", SHIFT_END)
    assert not team.moves("P1", "away")
    assert team.moves("P5", LEFT)
