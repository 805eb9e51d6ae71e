"""Matchers: which alerts a rule or a window is for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.matchers import LONGEST, MOST, match, matchers_wrong

LABELS = {"service": "Shop", "host": "test-db-1", "path": "/a[1]?x=2"}


@pytest.mark.parametrize(
    ("matchers", "holds"),
    [
        ([], True),
        (["service=shop"], True),
        (["service = SHOP "], True),
        (["service=shopping"], False),
        (["service=sh*"], True),
        (["host!=test-*"], False),
        (["host!=prod-*"], True),
        (["service=shop", "host=prod-*"], False),
        (["service=shop", "host=*-db-*"], True),
        (["path=/a[1]?x=2"], True),
        (["path=/a1?x=2"], False),
        (["path=/a[1]zx=2"], False),
        (["site="], True),
        (["site=*"], True),
        (["site!="], False),
        (["site!=north"], True),
        (["site=north"], False),
    ],
)
def test_all_matchers_have_to_hold(matchers, holds):
    assert match(matchers, LABELS) is holds


def test_a_star_spans_lines_and_dots():
    assert match(["title=disk*full"], {"title": "Disk\n/dev/sda.1 is FULL"})


@pytest.mark.parametrize("good", [[], ["a=b"], ["a!=b"], ["a=b=c"], ["a="], ["a=b"] * MOST])
def test_good_matchers_have_nothing_wrong(good):
    assert list(matchers_wrong("/matchers", good)) == []


@pytest.mark.parametrize(
    ("bad", "pointer"),
    [
        ("a=b", "/matchers"),
        (None, "/matchers"),
        ({"a": "b"}, "/matchers"),
        (["a=b"] * (MOST + 1), "/matchers"),
        (["a=b", "service"], "/matchers/1"),
        (["=b"], "/matchers/0"),
        (["!=b"], "/matchers/0"),
        ([" = b"], "/matchers/0"),
        ([7], "/matchers/0"),
        (["a=" + "b" * LONGEST], "/matchers/0"),
    ],
)
def test_a_bad_matcher_is_named_by_its_place(bad, pointer):
    assert [one.pointer for one in matchers_wrong("/matchers", bad)] == [pointer]


@given(st.text(max_size=30), st.dictionaries(st.text(max_size=5), st.text(max_size=20)))
def test_whatever_passes_the_check_can_be_asked(matcher, labels):
    if not list(matchers_wrong("", [matcher])):
        assert match([matcher], labels) in (True, False)


@given(st.text(max_size=20), st.text(max_size=20))
def test_the_opposite_matcher_says_the_opposite(wanted, found):
    labels = {"a": found}
    assert match([f"a={wanted}"], labels) is not match([f"a!={wanted}"], labels)


@given(st.text(st.characters(exclude_characters="*"), max_size=20))
def test_without_a_star_a_value_matches_itself_and_nothing_longer(value):
    wanted = f"a={value}"
    assert match([wanted], {"a": value.strip()})
    assert not match([wanted], {"a": value.strip() + "x"})
