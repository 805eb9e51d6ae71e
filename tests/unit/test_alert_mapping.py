"""Mappings: where paths lead, and what is wrong with a mapping."""

import pytest

from chalicelib.domain.alert_mapping import FIELDS, check, is_resolved, look_up

BODY = {
    "alerts": [{"name": "Disk full", "tags": ["db", "eu"]}, {"name": "CPU"}],
    "rule.name": "Disks",
    "nothing": None,
    "a": {"b.c": {"d": 7}},
}
USABLE = {"identity": "id", "title": "name"}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("alerts.0.name", ["Disk full"]),
        ("alerts.1.tags.0", [None]),
        ("alerts.0.tags.1", ["eu"]),
        ("alerts.9.name", [None]),
        ("alerts.-1.name", [None]),
        ("alerts.²", [None]),
        ("alerts.name", [None]),
        ("nothing.at.all", [None]),
        ("rule.name", ["Disks"]),
        ("a.b.c", [{"d": 7}]),
        ("a.b.c.d", [None]),
        ("'a constant'", ["a constant"]),
        ('"a.0"', ["a.0"]),
        ("rule.name + ': ' + alerts.1.name", ["Disks", ": ", "CPU"]),
        ("$.rule.name", ["Disks"]),
        ("a", [{"b.c": {"d": 7}}]),
    ],
)
def test_a_path_leads_to_what_is_there_or_to_nothing(path, found):
    assert look_up(path, BODY, BODY) == found


def test_a_path_starts_at_the_item_unless_it_begins_with_a_dollar():
    assert look_up("name + $.rule.name", {"name": "CPU"}, BODY) == ["CPU", "Disks"]


@pytest.mark.parametrize("data", [None, 7, "text", [], {}, [[1]]])
def test_a_path_leads_nowhere_in_what_has_no_names(data):
    assert look_up("a.b", data, data) == [None]


def test_words_of_the_end_are_told_by_commas_whatever_their_capitals():
    assert is_resolved("ok, Closed", " CLOSED")
    assert not is_resolved("ok, closed", "open")
    assert not is_resolved("ok", "")


@pytest.mark.parametrize(
    "mapping",
    [
        USABLE,
        {"identity": "host + '/' + check", "title": "'Check ' + check"},
        {**USABLE, "status": "state", "resolved_when": "ok,closed", "items": "alerts"},
        {**USABLE, "labels": {"host": "host.name", "site": "'Bonn'"}, "severity": None, "text": ""},
    ],
)
def test_a_mapping_that_can_be_used_has_no_faults(mapping):
    assert check(mapping) == []


@pytest.mark.parametrize(
    ("mapping", "pointers"),
    [
        (None, [""]),
        ([], [""]),
        ({}, ["/identity", "/title"]),
        ({**USABLE, "colour": "x", "a/b": "x"}, ["/colour", "/a~1b"]),
        ({**USABLE, "identity": "'always'"}, ["/identity"]),
        ({**USABLE, "title": "a..b"}, ["/title"]),
        ({**USABLE, "title": "'open"}, ["/title"]),
        ({**USABLE, "title": "a + "}, ["/title"]),
        ({**USABLE, "text": 7}, ["/text"]),
        ({**USABLE, "items": "x" * 301}, ["/items"]),
        ({**USABLE, "labels": ["host"]}, ["/labels"]),
        ({**USABLE, "labels": {"host": ""}}, ["/labels/host"]),
        ({**USABLE, "labels": {"": "host"}}, ["/labels/"]),
        ({**USABLE, "resolved_when": "ok"}, ["/status"]),
        ({**USABLE, "status": "state", "resolved_when": ["ok"]}, ["/resolved_when"]),
    ],
)
def test_faults_are_told_field_by_field(mapping, pointers):
    assert [one.pointer for one in check(mapping)] == pointers


@pytest.mark.parametrize("strange", [None, 7, True, [], {}, [1], {"a": 1}, "", "x" * 999, 1.5])
def test_nothing_makes_the_check_fail(strange):
    for name in FIELDS:
        check({**USABLE, name: strange})
        check({**USABLE, "labels": {name: strange, 7: strange}})
