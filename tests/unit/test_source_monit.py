"""Monit: every name of an event that it knows is of a kind, and its results belong together."""

import pytest

from chalicelib.adapters.monitoring.monit import kind_of
from chalicelib.domain.alerts import Signal


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        ("Checksum failed", "Checksum succeeded"),
        ("Checksum changed", "Checksum not changed"),
        ("Content match", "Content doesn't match"),
        ("Data access error", "Data access succeeded"),
        ("Does not exist", "Exists"),
        ("Download bytes exceeded", "Download bytes ok"),
        ("Existence changed", "Existence not changed"),
        ("Invalid type", "Type succeeded"),
        ("Link down", "Link up"),
        ("Resource limit matched", "Resource limit succeeded"),
        ("Saturation exceeded", "Saturation ok"),
        ("Speed failed", "Speed ok"),
        ("Status failed", "Status succeeded"),
        ("Timeout", "Timeout recovery"),
    ],
)
def test_the_end_of_an_event_is_of_the_same_kind(bad, good):
    kind, signal = kind_of(bad)
    assert signal is Signal.FIRING
    assert kind_of(good) == (kind, Signal.RESOLVED)


@pytest.mark.parametrize("event", ["Action done", "Monit instance changed", "Something new"])
def test_what_is_no_problem_opens_nothing(event):
    assert kind_of(event)[1] is Signal.NOTICE
