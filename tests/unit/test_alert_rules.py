"""Alert rules: which is for an alert, what tags it brings, and what may be stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import alert_rules
from chalicelib.domain.alert_rules import PLAIN, AlertRule, rule_for, tags_of

RULE = {"id": "shop", "name": "Shop", "matchers": ["service=shop"], "tier": 2}
LABELS = {"service": "shop", "region": "eu-west-1", "team": " ", "env": "production"}


def rule(name: str = "r", **fields) -> AlertRule:
    return AlertRule(id=name, name=name, **fields)


def test_the_first_rule_that_matches_wins():
    shop, anything = rule("shop", matchers=["service=shop"]), rule("anything")
    assert rule_for([shop, anything], LABELS) is shop
    assert rule_for([anything, shop], LABELS) is anything


def test_where_none_matches_things_are_as_the_alert_says():
    found = rule_for([rule(matchers=["service=till"])], LABELS)
    assert found is PLAIN
    assert (found.tier, found.service, found.impact) == (None, None, None)


def test_label_values_become_tags_and_empty_ones_do_not():
    assert tags_of(PLAIN, LABELS) == ["env:production", "region:eu-west-1"]
    assert tags_of(rule(tags_from=["team", "site"]), LABELS) == []
    (tag,) = tags_of(rule(tags_from=["host"]), {"host": "h" * 300})
    assert len(tag) == 40


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"id": "default"}, "/id"),
        ({"id": "new"}, "/id"),
        ({"id": ["a"]}, "/id"),
        ({"name": " "}, "/name"),
        ({"colour": "red"}, "/colour"),
        ({"matchers": "service=shop"}, "/matchers"),
        ({"matchers": ["shop"]}, "/matchers/0"),
        ({"tier": 4}, "/tier"),
        ({"tier": True}, "/tier"),
        ({"tier": "2"}, "/tier"),
        ({"branch": "atlantis"}, "/branch"),
        ({"branch": ["lyon"]}, "/branch"),
        ({"impact": "huge"}, "/impact"),
        ({"urgency": 1}, "/urgency"),
        ({"service": ""}, "/service"),
        ({"service": "s" * 101}, "/service"),
        ({"runbook": "http://wiki.example"}, "/runbook"),
        ({"runbook": "javascript:alert(1)"}, "/runbook"),
        ({"runbook": 7}, "/runbook"),
        ({"tags_from": "env"}, "/tags_from"),
        ({"tags_from": [""]}, "/tags_from"),
        ({"tags_from": ["env"] * 11}, "/tags_from"),
    ],
)
def test_a_wrong_rule_is_refused_at_its_field(change, pointer):
    found = [one.pointer for one in alert_rules.check({**RULE, **change}, ["lyon"])]
    assert pointer in found


def test_a_sound_rule_goes_through_and_stays_what_it_was():
    data = {**RULE, "branch": "lyon", "impact": "high", "urgency": "low", "service": "Web shop",
            "runbook": "https://wiki.example/shop", "tags_from": ["region"]}  # fmt: skip
    assert alert_rules.check(data, ["lyon"]) == []
    assert AlertRule.from_data(AlertRule.from_data(data).to_data()) == AlertRule.from_data(data)
    assert [one.pointer for one in alert_rules.check(None, [])] == [""]


garbage = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.sampled_from([*rule().to_data()]), garbage)
def test_no_rule_breaks_the_check_and_what_passes_can_be_asked(field, value):
    data = {**RULE, field: value}
    if not alert_rules.check(data, []):
        assert tags_of(rule_for([AlertRule.from_data(data)], LABELS), LABELS) is not None
