"""Instants in mails: in the reader's own zone, which is named, or else in UTC."""

from __future__ import annotations

from chalicelib.web.times import written, zone_of


def in_words(moment: str, zone_name: str | None) -> str:
    """`23 Nov 2026, 11:15 (Europe/Paris)`."""
    return _in_zone(moment, "moment", zone_name)


def spelled(moment: str, zone_name: str | None) -> str:
    """`Tuesday 24 November, 09:00 (Europe/Paris)`."""
    return _in_zone(moment, "day", zone_name)


def _in_zone(moment: str, style: str, zone_name: str | None) -> str:
    zone = zone_of({"time_zone": zone_name})
    return f"{written(moment, style, zone)}{f' ({zone_name})' if zone else ''}"
