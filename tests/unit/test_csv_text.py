"""Files for spreadsheets: quoted as RFC 4180 says, and nothing in them is run."""

import csv
import io
import json

import pytest

from chalicelib.web.csv_text import Most, written


@pytest.mark.parametrize(
    ("said", "becomes"),
    [
        ("=1+1", "'=1+1"),
        ("  @SUM(A1)", "'  @SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("fine\n-2+3", "fine\n'-2+3"),
        ("\0=1", "'\0=1"),
        ('a=b, "c"', 'a=b, "c"'),
        ("", ""),
    ],
)
def test_what_would_be_a_formula_is_text(said, becomes):
    rows = list(csv.reader(io.StringIO(written(("one",), [{"one": said}]), newline="")))
    assert rows[1:] == ([[becomes]] if becomes else [[]]) or rows[1:] == [[becomes]]


def test_numbers_stay_numbers_and_what_is_no_column_is_left_out():
    text = written(("a", "b"), [{"a": -1, "b": None, "c": "=x"}])
    assert text == "a,b\r\n-1,\r\n"


ROWS = [{"a": '"' * 100, "b": "é" * 100}] * 10


def test_a_file_ends_where_its_answer_would_be_too_large_and_says_so():
    most = Most(rows=100, size=5_000, said="There are more.")
    text = written(("a", "b"), ROWS, most)
    assert text.endswith("\r\nThere are more.\r\n")
    assert 4_000 < len(json.dumps(text)) < 5_200


def test_a_file_of_as_many_rows_as_fit_is_whole():
    whole = written(("a", "b"), ROWS)
    assert written(("a", "b"), ROWS, Most(10, 10**6, "There are more.")) == whole
    cut = written(("a", "b"), ROWS, Most(9, 10**6, "There are more."))
    assert cut.splitlines()[-1] == "There are more." and len(cut.splitlines()) == 11
