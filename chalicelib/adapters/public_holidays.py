"""Public holidays by country and region, as the `holidays` library works them out."""

from collections.abc import Iterable
from datetime import date

# The library is imported where it is used: only storing a calendar needs it, no cold start does.
SMALL_WORDS = {"and", "da", "of", "the"}
NAMES = {"CD": "DR Congo", "HK": "Hong Kong"}  # where the library's own would look odd


def on(country: str, region: str | None, years: Iterable[int]) -> dict[date, str]:
    """Dates in order with their names, in English where the library has it.

    Raises ValueError, with words for people, for a country or region that `countries` leaves out.
    """
    from holidays import country_holidays

    _check(country, region)
    found = country_holidays(country, subdiv=region, years=list(years), language="en_US")
    return dict(sorted(found.items()))


def countries() -> dict[str, list[str]]:
    """Each country's ISO 3166-1 code with the codes of its regions, often none."""
    from holidays import list_supported_countries

    return list_supported_countries(include_aliases=False)


def country_names() -> dict[str, str]:
    """Each country's code with its English name, in the order of the names."""
    from holidays.registry import COUNTRIES

    known = countries()
    codes = {classes[1]: _titled(module) for module, classes in COUNTRIES.items()}
    found = {code: NAMES.get(code) or codes.get(code, code) for code in known}
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


def region_names(country: str) -> dict[str, str]:
    """Each region's code with its own name, or the code again; nothing for an unknown country."""
    from holidays import country_holidays

    if not countries().get(country):
        return {}
    aliases = getattr(country_holidays(country), "subdivisions_aliases", {})
    names = {code: name for name, code in reversed(aliases.items())}
    found = {code: names.get(code, code) for code in countries()[country]}
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


def _titled(module: str) -> str:
    """`isle_of_man` becomes `Isle of Man`."""
    return " ".join(
        word if word in SMALL_WORDS else word.capitalize() for word in module.split("_")
    )


def _check(country: str, region: str | None) -> None:
    known = countries()
    if country not in known:
        raise ValueError(f"No public holidays are known of {country}; give a code such as PT.")
    if region is not None and region not in known[country]:
        choice = ", ".join(known[country]) or "not told apart"
        raise ValueError(f"{country} has no region {region}. Its regions are {choice}.")
