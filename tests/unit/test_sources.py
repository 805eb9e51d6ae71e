"""Each source: its examples are read as it says, and nothing that it is sent makes it fail."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.adapters.monitoring import Unreadable, all_sources, source_of
from chalicelib.adapters.monitoring.source import Delivery, Example, Source
from chalicelib.domain.alerts import Report, Signal

WRITTEN = all_sources()
EXAMPLES = [
    pytest.param(source, example, id=f"{source.id}: {example.name}")
    for source in WRITTEN
    for example in source.examples
]
FIRING = [pytest.param(source, source.examples[0], id=source.id) for source in WRITTEN]
each_example = pytest.mark.parametrize(("source", "example"), EXAMPLES)
each_source = pytest.mark.parametrize(("source", "example"), FIRING)

NONSENSE = [
    b"", b" ", b"null", b"[]", b"{}", b"7", b'"text"', b"\xff\xfe\x00", b"[" * 100_000, b"<html>",
    b'{"alerts": null}', b'{"alerts": [null]}', b'{"alerts": [[]]}', b"a=b&c=d", b"{" * 2000,
    b'{"a": NaN, "b": 1e999, "c": 12345678901234567890123}', b"\xef\xbb\xbf{}",
]  # fmt: skip


@each_example
def test_an_example_is_read_as_it_says(source: Source, example: Example):
    assert source.parse(example.delivery) == example.report


@each_example
def test_a_byte_order_mark_changes_nothing(source: Source, example: Example):
    body = example.delivery.body
    if body[:1] in b"{[" and body:
        marked = replace(example.delivery, body=b"\xef\xbb\xbf" + body)
        assert source.parse(marked) == example.report


@each_source
def test_the_first_example_is_a_problem(source: Source, example: Example):
    assert example.report.alerts[0].signal is Signal.FIRING


@each_source
def test_some_example_is_the_end_of_the_first(source: Source, example: Example):
    identity = example.report.alerts[0].identity
    ends = [
        alert
        for one in source.examples
        for alert in one.report.alerts
        if alert.signal is Signal.RESOLVED and alert.identity == identity
    ]
    assert ends


@each_source
@pytest.mark.parametrize("body", NONSENSE, ids=lambda body: repr(body[:20]))
def test_nonsense_is_unreadable_or_a_report_and_nothing_else(
    source: Source, example: Example, body: bytes
):
    read(source, replace(example.delivery, body=body))
    read(source, Delivery(body))


@each_example
def test_whatever_a_field_holds_nothing_else_is_raised(source: Source, example: Example):
    for strange in (None, [], {}, "", 7, True, "*UNKNOWN*", "0001-01-01T00:00:00Z", 2**60, "NaN"):
        for changed in with_each_field(json_of(example.delivery.body), strange):
            body = json.dumps(changed).encode()
            report = read(source, replace(example.delivery, body=body))
            assert report is None or all(one.identity and one.title for one in report.alerts)


@each_source
def test_it_says_how_it_is_set_up_and_authenticated(source: Source, example: Example):
    assert "{url}" in "".join(source.set_up)
    assert source.proof
    assert source_of(source.id.replace("-", "_").upper()) is source


def read(source: Source, delivery: Delivery) -> Report | None:
    try:
        return source.parse(delivery)
    except Unreadable as error:
        assert str(error)
        return None


def json_of(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def with_each_field(data: Any, strange: Any) -> list[Any]:
    """Copies of a body, each with one thing replaced, however deep."""
    found = [strange]
    if isinstance(data, dict):
        for key in data:
            found += [{**data, key: one} for one in with_each_field(data[key], strange)]
            found.append({name: one for name, one in data.items() if name != key})
    if isinstance(data, list):
        for place, _ in enumerate(data):
            for one in with_each_field(data[place], strange):
                found.append([*data[:place], one, *data[place + 1 :]])
    return found
