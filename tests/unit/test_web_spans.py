"""Spans as people type them: read and written again without a second lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.web.spans import seconds_of, span_text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("15m", 900),
        ("4h", 14_400),
        ("2d", 172_800),
        ("1h 30m", 5_400),
        ("1h30m", 5_400),
        ("90m", 5_400),
        ("45s", 45),
        ("0m", 0),
        ("  2 Hours, 5 min ", 7_500),
        ("1d 2h 3m 4s", 93_784),
        ("1 day", 86_400),
    ],
)
def test_a_span_is_read(text, seconds):
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    "text",
    ["", " ", "15", "m", "h4", "-5m", "1.5h", "1,5h", "4 weeks", "30m 1h", "1h 1h", "1h 30",
     "1h+5m", "9" * 5_000 + "h", "٣h", "15m; drop", "1h" * 5_000, "five minutes"],
)  # fmt: skip
def test_what_is_no_span_is_refused_in_words(text):
    with pytest.raises(ValueError, match="Write it like 15m, 4h or 1h 30m"):
        seconds_of(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0m"), (59, "59s"), (60, "1m"), (5_400, "1h 30m"), (86_400, "24h"), (86_461, "24h 1m 1s")],
)
def test_a_span_is_written_in_hours_for_a_day_may_have_any_number(seconds, text):
    assert span_text(seconds) == text


@given(st.integers(0, 10 * 365 * 24 * 3600))
def test_what_was_written_is_read_as_the_same(seconds):
    assert seconds_of(span_text(seconds)) == seconds
