"""Charts: drawn true, named for screen readers, and without anything the page policy forbids."""

import re

import pytest

from chalicelib.web.charts import bar, ring, share


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


def test_a_label_cannot_break_out_of_its_attribute():
    svg = ring(0.5, "ok", '"><script>alert(1)</script>')
    assert "<script>" not in svg
    assert 'aria-label="&#34;&gt;' in svg


def test_no_chart_uses_inline_style():
    assert "style" not in ring(0.5, "ok", "half") + bar(0.5, "ok", "half")


def test_a_tone_that_has_no_colour_is_a_mistake():
    with pytest.raises(ValueError, match="no such tone"):
        ring(0.5, "pink", "half")


def test_of_nothing_all_is_used():
    assert share(0, 0) == 1.0
