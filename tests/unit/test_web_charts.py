"""Charts: drawn true, named for screen readers, and without anything the page policy forbids."""

import re

import pytest

from chalicelib.web.charts import bar, day, ring, share, split

KEPT = [(3, "ok"), (1, "bad")]


def drawn(svg: str) -> tuple[float, float]:
    found = re.search(r'stroke-dasharray="([\d.]+) ([\d.]+)"', svg)
    assert found
    return float(found[1]), float(found[2])


def test_a_ring_is_filled_in_proportion():
    filled, around = drawn(ring(0.25, "ok", "a quarter"))
    assert filled / around == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize("used", [-1, 0, 1, 7])
def test_a_ring_is_never_less_than_empty_or_more_than_full(used):
    filled, around = drawn(ring(used, "bad", "late"))
    assert 0 <= filled <= around


def test_a_bar_is_filled_in_proportion():
    assert 'width="40.0"' in bar(0.4, "warn", "two fifths")


def test_the_pieces_of_a_split_bar_lie_side_by_side_in_proportion():
    pieces = re.findall(r'class="(ok|bad)" x="([\d.]+)" width="([\d.]+)"', split(KEPT, "kept"))
    assert pieces == [("ok", "0.00", "75.00"), ("bad", "75.00", "25.00")]


def test_a_split_bar_of_nothing_is_an_empty_track():
    svg = split([(0, "ok"), (0, "bad")], "nothing")
    assert svg.count("<rect") == 1


def test_a_day_shows_its_open_hours_from_midnight_on():
    svg = day([(540, 750), (810, 1080)], "Monday")
    assert re.findall(r'class="open" x="(\d+)" width="(\d+)"', svg) == [
        ("540", "210"), ("810", "270"),
    ]  # fmt: skip
    assert 'aria-label="Monday"' in svg


def test_a_ring_may_hold_a_text_that_its_label_says_too():
    svg = ring(0.5, "ok", "Half of it", text="50 %")
    assert ">50 %</text>" in svg and 'aria-hidden="true"' in svg
    assert "<text" not in ring(0.5, "ok", "Half of it")


@pytest.mark.parametrize("draw", [lambda text: ring(1, "ok", text, text=text),
                                  lambda text: split([(1, "ok")], text),
                                  lambda text: day([], text)])  # fmt: skip
def test_no_drawing_takes_markup_for_words(draw):
    assert "<script>" not in draw('"><script>alert(1)</script>')


def test_a_label_cannot_break_out_of_its_attribute():
    svg = ring(0.5, "ok", '"><script>alert(1)</script>')
    assert "<script>" not in svg
    assert 'aria-label="&#34;&gt;' in svg


def test_no_chart_uses_inline_style():
    drawings = ring(0.5, "ok", "half", text="50 %") + bar(0.5, "ok", "half")
    assert "style" not in drawings + split([(1, "ok")], "all") + day([(0, 60)], "an hour")


def test_a_tone_that_has_no_colour_is_a_mistake():
    with pytest.raises(ValueError, match="no such tone"):
        ring(0.5, "pink", "half")


def test_of_nothing_all_is_used():
    assert share(0, 0) == 1.0
