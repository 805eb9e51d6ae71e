"""Rendering: escaping, addresses below a root, times, avatars and static files."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from chalicelib.web import assets, avatars, forms, rendering, times

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TEMPLATES = Path(rendering.TEMPLATES)
STATIC = Path(assets.FOLDER)
PAGES = [path for path in TEMPLATES.rglob("*.html") if "mail" not in path.parts]


def portal(**context: object) -> str:
    given = {"now": NOW, "form": forms.EMPTY, "idempotency_key": "k" * 24, "upload_key": "u" * 24,
             "uploads": []}  # fmt: skip
    return rendering.render("new_request.html", **{**given, **context})


def snippet(source: str, **context: object) -> str:
    given = {**rendering.DEFAULTS, "now": NOW, **context}
    return rendering.environment().from_string(source).render(given)


def test_what_was_typed_cannot_become_markup():
    page = portal(form={"typed": {"subject": '"><script>alert(1)</script>'}, "errors": {}})
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_missing_value_is_an_error_and_not_an_empty_space():
    with pytest.raises(UndefinedError):
        snippet("{{ ticket.subject }}")


def test_every_internal_address_stands_below_the_deployments_root():
    page = portal(root="/api")
    addresses = re.findall(r'(?:href|action|src)="([^"#]+)', page)
    assert addresses
    assert all(address.startswith("/api/") for address in addresses)


def test_an_error_is_tied_to_its_field_and_listed_above():
    page = portal(form={"typed": {}, "errors": {"email": "Write your mail address."}})
    assert 'aria-describedby="email-hint email-error"' in page
    assert '<a href="#email">Write your mail address.</a>' in page
    assert "<title>Error: " in page


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_page_holds_style_or_script_of_its_own(path):
    source = path.read_text("utf-8")
    assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?! src=)|\|\s*safe\b", source)


def test_every_icon_that_a_template_names_is_drawn():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text("utf-8")))
    named = {
        name
        for path in PAGES
        for name in re.findall(r"icon\(['\"]([\w-]+)['\"]", path.read_text("utf-8"))
    }
    assert named <= drawn


def test_both_dark_palettes_are_the_same():
    blocks = re.findall(r"color-scheme: dark;(.*?)}", (STATIC / "tokens.css").read_text(), re.S)
    by_system, by_choice = (" ".join(block.split()) for block in blocks)
    assert by_system == by_choice


@pytest.mark.parametrize(
    ("seconds", "compact", "spoken"),
    [
        (0, "0s", "1 second"),
        (59, "59s", "59 seconds"),
        (60, "1m", "1 minute"),
        (3599, "59m", "59 minutes"),
        (3840, "1h 04m", "1 hour 4 minutes"),
        (90_000, "1d 1h", "1 day 1 hour"),
        (172_800, "2d 0h", "2 days"),
    ],
)
def test_a_span_reads_short_and_in_words(seconds, compact, spoken):
    assert times.compact_span(seconds) == compact
    assert times.spoken_span(seconds) == spoken


def test_a_span_in_the_past_has_a_minus_sign():
    assert times.compact_span(-720) == "\N{MINUS SIGN}12m"


def test_a_time_carries_its_instant_and_says_utc_to_strangers():
    shown = snippet("{{ at|time }}", at="2026-11-23T10:22:00.000Z")
    assert 'datetime="2026-11-23T10:22:00Z"' in shown
    assert ">23 Nov 2026, 10:22 UTC<" in shown


def test_a_time_is_shown_in_the_zone_of_the_person():
    shown = snippet("{{ at|time }}", at="2026-11-23T10:22:00Z", person={"time_zone": "Asia/Tokyo"})
    assert ">23 Nov 2026, 19:22<" in shown


def test_a_zone_that_does_not_exist_falls_back_to_utc():
    shown = snippet("{{ at|time }}", at="2026-11-23T10:22:00Z", person={"time_zone": "../etc"})
    assert "10:22 UTC" in shown


def test_today_needs_only_the_hour():
    assert "09:30 UTC<" in snippet("{{ at|short_time }}", at="2026-11-23T09:30:00Z")
    assert "22 Nov 2026" in snippet("{{ at|short_time }}", at="2026-11-22T09:30:00Z")


def test_how_long_ago_is_counted_from_the_pages_now():
    assert snippet("{{ since(at)|span }}", at=NOW - timedelta(minutes=5)) == "5m"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Amélie Laurent", "AL"), ("Zabbix", "Z"), ("王 伟", "王伟"), ("  ", "?"), ("_ Ö", "Ö")],
)
def test_initials_come_from_the_first_and_the_last_name(name, letters):
    assert avatars.initials(name) == letters


def test_the_same_person_always_has_the_same_colour():
    assert avatars.avatar_class("P-1") == avatars.avatar_class("P-1")
    assert re.fullmatch(r"av-[0-7]", avatars.avatar_class("whoever"))


@pytest.mark.parametrize(
    ("locale", "direction"),
    [("ar", "rtl"), ("fa-IR", "rtl"), ("he_IL", "rtl"), ("en", "ltr"), (None, "ltr")],
)
def test_the_direction_follows_the_language(locale, direction):
    assert rendering.direction(locale) == direction


def test_a_static_file_has_its_content_in_its_name():
    path = assets.path_of("app.css")
    assert re.fullmatch(r"/static/app-[0-9a-f]{12}\.css", path)
    found = assets.find(path.rpartition("/")[2])
    assert found is not None
    assert "--accent" in found.body


@pytest.mark.parametrize("name", ["app.css", "../config.py", "", "app-000000000000.css"])
def test_a_static_file_of_another_name_does_not_exist(name):
    assert assets.find(name) is None
