"""Faults that were found in the decisions about alerts."""

from chalicelib.domain.alerts import Alert, Decision, Episode, Signal, decide
from tests.cast import after


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
