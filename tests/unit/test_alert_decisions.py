"""What an alert means, by what is remembered of its identity: the whole table."""

from dataclasses import replace

import pytest

from chalicelib.domain.alerts import (
    Alert,
    Decision,
    Episode,
    Signal,
    decide,
    is_flapping,
    is_worse,
    levels_of,
    severity_of,
)
from chalicelib.domain.vocabulary import Level
from tests.cast import MONDAY_9, after

FIRING = Alert("f1", Signal.FIRING, "Disk full", started_at=MONDAY_9)
OVER = replace(FIRING, signal=Signal.RESOLVED, ended_at=after(hours=1))
ACKNOWLEDGED, NOTICE = (replace(FIRING, signal=one) for one in (Signal.ACKNOWLEDGED, Signal.NOTICE))
OPEN = Episode(True, started_at=MONDAY_9)
ENDED = Episode(False, started_at=MONDAY_9, ended_at=after(hours=1))
HELD = replace(OPEN, has_incident=False)
LATER = replace(FIRING, started_at=after(hours=2))
EARLIER = replace(OVER, started_at=after(minutes=-30), ended_at=after(minutes=-1))


def named(what, name: str):
    """The same with the tool's own name of the episode."""
    return replace(what, episode=name) if isinstance(what, Alert) else replace(what, name=name)


def silent(what):
    """The same from a tool that tells no instants."""
    return replace(what, started_at=None, ended_at=None)


TABLE = {
    "a new problem opens": (FIRING, None, Decision.OPEN),
    "the same again is a repeat": (FIRING, OPEN, Decision.REPEAT),
    "its end resolves": (OVER, OPEN, Decision.RESOLVE),
    "an end for the unknown is remembered": (OVER, None, Decision.REMEMBER),
    "an end that comes twice is nothing": (OVER, ENDED, Decision.IGNORE),
    "the end of an older episode is nothing": (
        EARLIER, OPEN, Decision.IGNORE),
    "a late firing of what has ended is nothing": (
        replace(FIRING, started_at=after(minutes=5)), ENDED, Decision.IGNORE),
    "a new episode fires again": (LATER, ENDED, Decision.AGAIN),
    "a new episode of what was only remembered opens": (
        LATER, replace(ENDED, has_incident=False), Decision.OPEN),
    "a peer tells of the same start three milliseconds later": (
        replace(FIRING, started_at=after(milliseconds=3)),
        replace(ENDED, ended_at=None), Decision.IGNORE),
    "without instants, firing after an end is a new episode": (
        silent(FIRING), silent(ENDED), Decision.AGAIN),
    "without instants, an end resolves": (silent(OVER), silent(OPEN), Decision.RESOLVE),
    "the episode's name says that it is over": (
        named(LATER, "7"), named(ENDED, "7"), Decision.IGNORE),
    "another episode's name says that it is new": (
        named(LATER, "8"), named(ENDED, "7"), Decision.AGAIN),
    "of a tool that tells no instants, too": (
        named(silent(FIRING), "8"), named(silent(ENDED), "7"), Decision.AGAIN),
    "the end of another episode is nothing": (
        named(EARLIER, "6"), named(OPEN, "7"), Decision.IGNORE),
    "of a tool that tells no instants, neither": (
        named(silent(OVER), "6"), named(silent(OPEN), "7"), Decision.IGNORE),
    "what was acknowledged over there is noted": (ACKNOWLEDGED, OPEN, Decision.NOTE),
    "of the unknown it is not": (ACKNOWLEDGED, None, Decision.IGNORE),
    "a notice is nothing": (NOTICE, OPEN, Decision.IGNORE),
    "what was held opens when maintenance is over": (FIRING, HELD, Decision.OPEN),
}  # fmt: skip
IN_MAINTENANCE = {
    "a new problem is held": (FIRING, None, Decision.HOLD),
    "what is held is counted": (FIRING, HELD, Decision.REPEAT),
    "what has an incident is counted": (FIRING, OPEN, Decision.REPEAT),
    "its end resolves": (OVER, OPEN, Decision.RESOLVE),
    "the end of what is held is its end": (OVER, HELD, Decision.RESOLVE),
    "a new episode is held": (LATER, ENDED, Decision.HOLD),
}


@pytest.mark.parametrize(("told", "last", "decision"), TABLE.values(), ids=TABLE)
def test_what_it_means(told, last, decision):
    assert decide(told, last, in_maintenance=False) is decision


@pytest.mark.parametrize(("told", "last", "decision"), IN_MAINTENANCE.values(), ids=IN_MAINTENANCE)
def test_what_it_means_during_maintenance(told, last, decision):
    assert decide(told, last, in_maintenance=True) is decision


@pytest.mark.parametrize(
    ("told", "last", "late", "in_order"),
    [
        (silent(FIRING), silent(ENDED), Decision.IGNORE, Decision.AGAIN),
        (silent(OVER), silent(OPEN), Decision.IGNORE, Decision.RESOLVE),
        (LATER, ENDED, Decision.AGAIN, Decision.AGAIN),
    ],
)
def test_of_a_tool_without_instants_the_word_counts_that_came_last(told, last, late, in_order):
    heard = replace(last, heard_at=after(hours=3))
    assert decide(told, heard, False, after(hours=2)) is late
    assert decide(told, heard, False, after(hours=3)) is in_order


@pytest.mark.parametrize(
    ("word", "severity"),
    {"Critical": "critical", " P1 ": "critical", "sev2": "error", "": "warning", "odd": "warning",
     "Not classified": "warning", "debug": "info", "NaN": "warning"}.items(),
)  # fmt: skip
def test_a_tools_word_is_one_of_ours_and_what_nobody_knows_is_a_warning(word, severity):
    assert severity_of(word) == severity
    assert levels_of(word) == levels_of(severity)


def test_a_critical_one_has_high_impact_and_urgency():
    assert levels_of("critical") == (Level.HIGH, Level.HIGH)


def test_worse_is_only_upwards():
    assert is_worse("critical", "warning")
    assert not is_worse("info", "warning")
    assert not is_worse("warning", "medium")


def test_it_flaps_with_so_many_changes_within_a_span():
    changes = [after(minutes=minute) for minute in (0, 10, 20, 29)]
    span = after(minutes=30) - MONDAY_9
    assert is_flapping(changes, 4, span, after(minutes=30))
    assert not is_flapping(changes, 4, span, after(minutes=31))
    assert not is_flapping(changes, 0, span, after(minutes=30))


def test_a_late_firing_of_an_episode_before_the_last_one_opens_nothing():
    """It carries another name, and a start before the end of the last one."""
    last = Episode(False, True, after(hours=1), after(hours=2), "18")
    late = Alert("disk", Signal.FIRING, "Disk", started_at=after(minutes=5), episode="17")
    assert decide(late, last, in_maintenance=False) is Decision.IGNORE


def test_a_resolve_of_the_same_start_is_not_of_an_older_episode():
    last = Episode(True, True, after(hours=1))
    over = Alert(
        "disk", Signal.RESOLVED, "Disk", started_at=after(hours=1), ended_at=after(hours=1)
    )
    assert decide(over, last, in_maintenance=False) is Decision.RESOLVE


def test_the_end_of_a_later_episode_than_the_known_one_ends_it():
    last = Episode(True, True, after(hours=1), name="17")
    over = Alert("disk", Signal.RESOLVED, "Disk", ended_at=after(hours=3), episode="18")
    assert decide(over, last, in_maintenance=False) is Decision.RESOLVE
