"""Who is on call: turns in a zone, overrides, what is next, and rotations that are refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import on_call_checks
from chalicelib.domain.on_call import Override, Rotation, backup_of, on_call, person_at, spells

BERLIN = Rotation(
    id="web", name="Web", tier=2, zone="Europe/Berlin", people=("chi", "dev", "lea"),
    starts="2026-10-19",
)  # fmt: skip
DATA = {**BERLIN.to_data(), "people": list(BERLIN.people)}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_turns_change_at_the_hand_off_in_the_rotations_own_zone():
    assert person_at(BERLIN, at("2026-10-19T06:59:59")) is None  # before the first
    assert person_at(BERLIN, at("2026-10-19T07:00:00")) == "chi"  # 09:00 in summer
    assert person_at(BERLIN, at("2026-10-26T07:59:59")) == "chi"
    assert person_at(BERLIN, at("2026-10-26T08:00:00")) == "dev"  # 09:00 in winter
    assert person_at(BERLIN, at("2026-11-09T08:00:00")) == "chi"


def test_an_override_comes_first_from_its_start_until_its_end():
    swap = Override("lea", "2026-10-20T18:00:00Z", "2026-10-21T06:00:00Z")
    rotation = replace(BERLIN, overrides=(swap,))
    assert person_at(rotation, at("2026-10-20T17:59:59")) == "chi"
    assert person_at(rotation, at("2026-10-20T18:00:00")) == "lea"
    assert person_at(rotation, at("2026-10-21T06:00:00")) == "chi"


def test_who_is_on_call_now_and_who_takes_over():
    found = on_call(BERLIN, at("2026-10-20T12:00:00"))
    assert (found.now.person, found.next.person) == ("chi", "dev")
    assert found.next.starts == at("2026-10-26T08:00:00")


def test_somebody_alone_on_a_rotation_has_nobody_after_them():
    alone = replace(BERLIN, people=("chi",))
    assert on_call(alone, at("2026-10-20T12:00:00")).next is None
    assert backup_of(alone, at("2026-10-20T12:00:00"), "chi") is None


def test_the_backup_is_the_next_in_the_order_of_turns():
    assert backup_of(BERLIN, at("2026-10-20T12:00:00"), "chi") == "dev"
    swap = Override("dev", "2026-10-20T00:00:00Z", "2026-10-21T00:00:00Z")
    assert backup_of(replace(BERLIN, overrides=(swap,)), at("2026-10-20T12:00:00"), "dev") == "lea"


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(
        ["Europe/Berlin", "Pacific/Chatham", "America/Santiago", "Australia/Lord_Howe"]
    ),
    st.sampled_from(["00:00", "02:30", "09:00", "23:59"]),
    st.integers(1, 14),
)
def test_spells_follow_each_other_without_gap_and_agree_with_the_instant(start, zone, hour, days):
    rotation = replace(BERLIN, zone=zone, hand_off=hour, turn_days=days, starts="2026-01-05")
    run = list(spells(rotation, start, start + timedelta(days=40)))
    assert run[0].starts == start and run[-1].ends == start + timedelta(days=40)
    for before, following in pairwise(run):
        assert before.ends == following.starts
    for one in run:
        assert one.starts < one.ends
        assert person_at(rotation, one.starts) == one.person
        assert person_at(rotation, one.ends - timedelta(seconds=1)) == one.person


def faults(**changes) -> list[str]:
    found = on_call_checks.check({**DATA, **changes}, {"chi", "dev", "lea"}, {"mail"})
    return [one.pointer for one in found]


def test_a_sound_rotation_has_no_faults():
    assert faults() == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"zone": "Mars/Base"}, "/zone"),
        ({"tier": 1}, "/tier"),
        ({"people": []}, "/people"),
        ({"people": "chi"}, "/people"),
        ({"people": ["chi", "nobody"]}, "/people/1"),
        ({"people": ["chi", "chi"]}, "/people/1"),
        ({"starts": "yesterday"}, "/starts"),
        ({"starts": 20261019}, "/starts"),
        ({"hand_off": "24:00"}, "/hand_off"),
        ({"turn_days": 0}, "/turn_days"),
        ({"turn_days": True}, "/turn_days"),
        ({"pages_for": ["P9"]}, "/pages_for"),
        ({"acknowledge_within": 5}, "/acknowledge_within"),
        ({"channels": ["sms"]}, "/channels"),
        ({"channels": []}, "/channels"),
        ({"colour": "red"}, "/colour"),
        ({"name": " "}, "/name"),
        ({"id": "new"}, "/id"),
        ({"overrides": [{"person": "chi"}]}, "/overrides/0"),
        (
            {"overrides": [{"person": "chi", "starts": "now", "ends": "2026-11-02T00:00:00Z"}]},
            "/overrides/0/starts",
        ),
    ],
)
def test_what_is_wrong_is_refused_at_its_place(changes, pointer):
    assert pointer in faults(**changes)


def override(starts: str, ends: str, person: str = "lea") -> dict[str, str]:
    return {"person": person, "starts": f"2026-11-{starts}:00Z", "ends": f"2026-11-{ends}:00Z"}


def test_two_overrides_at_once_are_refused_and_one_after_the_other_is_not():
    first, second = override("02T08:00", "03T08:00"), override("03T07:59", "04T08:00")
    assert faults(overrides=[first, second]) == ["/overrides/1"]
    assert faults(overrides=[second, first]) == ["/overrides/0"]
    assert faults(overrides=[first, override("03T08:00", "04T08:00")]) == []


def test_an_override_that_ends_before_it_starts_is_refused():
    assert faults(overrides=[override("03T08:00", "03T08:00")]) == ["/overrides/0/ends"]
