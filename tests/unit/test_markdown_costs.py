"""Messages made to be costly: nothing is hidden, nothing grows, and work has an end."""

import json

import pytest

from chalicelib.web import markdown
from chalicelib.web.markdown import message


@pytest.mark.parametrize("sign", [">", "> ", "- ", "1. ", "> - ", "- 1. > ", "*a **b _c "])
def test_however_deep_it_lies_what_was_written_is_on_the_page(sign: str) -> None:
    for deep in (*range(1, 60), *range(90, 110), *range(190, 215), 400):
        assert "in here" in message(sign * deep + "in here"), deep


@pytest.mark.parametrize(
    "typed",
    [("- " * 12 + "a\n") * 380, ("- " * 90 + "a\n") * 55, "- a\n" * 600, "> a\n\n" * 500,
     "[a](http://b.c) " * 620, "<http://a> " * 900, ("- > " * 6 + "a\n") * 160,
     "a\n\n" * 900 + "*a*", "`a` " * 990, "*b*" + " " * 9_000,
     "*b*" + "\n" + '<&"' * 3_000, "*b*\n" + "é" * 9_000],
    ids=lambda typed: repr(typed[:8]),
)  # fmt: skip
def test_a_page_is_never_much_more_than_what_was_typed(typed: str) -> None:
    assert len(json.dumps(message(typed))) <= 5 * len(json.dumps(typed)) + 2_100


@pytest.mark.parametrize(
    "typed",
    [("- " * 12 + "a\n") * 380, ("- " * 24 + "a\n") * 200, (">" * 25 + " a\n") * 380,
     "a\n\n" * 3_000 + "*a*", "a\n" * 4_990 + "*a*"],
    ids=lambda typed: repr(typed[:8]),
)  # fmt: skip
def test_levels_and_lines_count_as_work(typed: str) -> None:
    assert markdown.work(typed) > markdown.MOST_WORK


def test_a_plain_text_is_no_work() -> None:
    assert markdown.work("One - two\n" * 1_000) == 0
    assert markdown.work("*one*") == 2
