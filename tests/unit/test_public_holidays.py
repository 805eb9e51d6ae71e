"""Public holidays by country and region: the ones people know, and refusals they can act on."""

import subprocess
import sys
from datetime import date

import pytest

from chalicelib.adapters import public_holidays


def test_a_region_has_holidays_of_its_own():
    epiphany = date(2026, 1, 6)
    assert public_holidays.on("DE", "BY", [2026])[epiphany] == "Epiphany"
    assert epiphany not in public_holidays.on("DE", None, [2026])


def test_a_country_is_asked_without_a_region_for_several_years():
    found = public_holidays.on("PT", None, iter((2026, 2027)))
    assert found[date(2026, 4, 25)] == found[date(2027, 4, 25)] == "Freedom Day"
    assert list(found) == sorted(found)
    assert {day.year for day in found} == {2026, 2027}


def test_names_are_the_countrys_own_where_there_are_none_in_english():
    assert public_holidays.on("NZ", None, [2026])[date(2026, 7, 10)] == "Matariki"


def test_names_do_not_follow_the_language_of_the_machine(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "de")
    assert public_holidays.on("DE", None, [2026])[date(2026, 12, 25)] == "Christmas Day"


def test_countries_come_with_their_regions():
    known = public_holidays.countries()
    assert {"BY", "BE", "HH"} <= set(known["DE"])
    assert known["IE"] == []
    assert all(len(code) == 2 and code.isupper() for code in known)


def test_countries_and_regions_have_names_in_their_order():
    names = public_holidays.country_names()
    assert set(names) == set(public_holidays.countries())
    assert (names["PT"], names["IM"], names["HK"]) == ("Portugal", "Isle of Man", "Hong Kong")
    assert list(names.values()) == sorted(names.values())
    assert public_holidays.region_names("DE")["BY"] == "Bayern"
    assert public_holidays.region_names("IE") == public_holidays.region_names("XX") == {}


@pytest.mark.parametrize("code", ["XX", "UK", "DEU", "de", ""])
def test_an_unknown_country_is_refused_in_words(code):
    with pytest.raises(ValueError, match=rf"No public holidays are known of {code}; give a code"):
        public_holidays.on(code, None, [2026])


def test_an_unknown_region_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match=r"DE has no region ZZ. Its regions are BB, BE, .*HH"):
        public_holidays.on("DE", "ZZ", [2026])
    with pytest.raises(ValueError, match=r"IE has no region D. Its regions are not told apart."):
        public_holidays.on("IE", "D", [2026])


def test_a_cold_start_does_not_load_the_library():
    loads = "import sys, chalicelib.adapters.public_holidays; sys.exit('holidays' in sys.modules)"
    subprocess.run([sys.executable, "-c", loads], check=True)
