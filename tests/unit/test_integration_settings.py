"""Integrations that somebody wrote: what is refused, and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import integrations
from chalicelib.domain.integrations import OPTIONS, SPANS, Integration

DATA = {"id": "prometheus", "name": "Prometheus", "source": "alertmanager"}
MAPPING = {"identity": "check.id", "title": "check.name"}
SOURCES = ["alertmanager", "generic"]
TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"


def pointers(change: dict) -> list[str]:
    return [one.pointer for one in integrations.check({**DATA, **change}, SOURCES)]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"id": "a b"}, "/id"),
        ({"name": None}, "/name"),
        ({"colour": "red"}, "/colour"),
        ({"source": "pigeon"}, "/source"),
        ({"source": None}, "/source"),
        ({"source": ["generic"]}, "/source"),
        ({"on_resolve": "forget"}, "/on_resolve"),
        ({"on_resolve": ["note"]}, "/on_resolve"),
        ({"enabled": "yes"}, "/enabled"),
        ({"quiet_for": -1}, "/quiet_for"),
        ({"quiet_for": None}, "/quiet_for"),
        ({"reopen_within": 1.5}, "/reopen_within"),
        ({"flap_changes": True}, "/flap_changes"),
        ({"flap_within": 0}, "/flap_within"),
        ({"stale_after": 0}, "/stale_after"),
        ({"silent_after": "1h"}, "/silent_after"),
        ({"storm_size": 1001}, "/storm_size"),
        ({"incidents_per_minute": 0}, "/incidents_per_minute"),
        ({"storm_by": "service"}, "/storm_by"),
        ({"storm_by": [""]}, "/storm_by"),
        ({"storm_by": ["a"] * 11}, "/storm_by"),
        ({"options": []}, "/options"),
        ({"options": {"colour": 1}}, "/options/colour"),
        ({"options": {"requires": "luck"}}, "/options/requires"),
        ({"options": {"requires": ["signature"]}}, "/options/requires"),
        ({"options": {"topics": TOPIC}}, "/options/topics"),
        ({"options": {"topics": ["https://sns.example"]}}, "/options/topics"),
        ({"options": {"signature_header": 7}}, "/options/signature_header"),
        ({"options": {"timestamp_header": "x" * 101}}, "/options/timestamp_header"),
        ({"options": {"mapping": "title"}}, "/options/mapping"),
        ({"options": {"mapping": {"title": "name"}}}, "/options/mapping/identity"),
        ({"options": {"mapping": {**MAPPING, "mood": "x"}}}, "/options/mapping/mood"),
        ({"options": {"mapping": {**MAPPING, "identity": '"all"'}}}, "/options/mapping/identity"),
    ],
)
def test_a_wrong_integration_is_refused_at_its_field(change, pointer):
    assert pointer in pointers(change)


@pytest.mark.parametrize("field", sorted(SPANS))
def test_a_span_may_be_as_short_and_as_long_as_is_said_and_no_more(field):
    least, most = SPANS[field]
    assert pointers({field: least}) == pointers({field: most}) == []
    assert pointers({field: least - 1}) == pointers({field: most + 1}) == [f"/{field}"]


def test_what_may_be_left_out_may_be_nothing():
    assert pointers({"stale_after": None, "silent_after": None, "storm_by": []}) == []


def test_a_sound_integration_goes_through_and_stays_what_it_was():
    options = {"requires": "signature", "topics": [TOPIC], "mapping": MAPPING}
    data = {**DATA, "options": options, "on_resolve": "quiet", "silent_after": 3600}
    assert integrations.check(data, SOURCES) == []
    made = Integration.from_data(data)
    assert Integration.from_data(made.to_data()) == made
    assert [one.pointer for one in integrations.check("x", SOURCES)] == [""]


garbage = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.sampled_from(sorted(Integration.from_data(DATA).to_data())), garbage)
def test_no_integration_breaks_the_check(field, value):
    if not integrations.check({**DATA, field: value}, SOURCES):
        Integration.from_data({**DATA, field: value})


@given(st.sampled_from(OPTIONS), garbage)
def test_no_option_breaks_the_check(name, value):
    pointers({"options": {name: value}})
