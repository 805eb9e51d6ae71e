"""What the stream of people tells of their loads: each time that somebody was given more."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3

from bench.drills.staffing_crew import arn_of
from bench.drills.staffing_story import Remark
from chalicelib.domain.vocabulary import Availability
from chalicelib.models.person import Person
from infra.local.checkpoint import StreamReader

IN_ROOM, TO_SOMEBODY = "given within capacity", "given to somebody who was there"

Image = dict[str, Any]


def given(home: Path) -> Iterator[Remark]:
    """Of those who work in a tier, from the beginning on."""
    for before, after in _changes(home):
        had, has = (int(one.load or 0) if one else 0 for one in (before, after))
        if after and after.tiers and has > had:
            yield from _raised(had, has, after)


def _raised(had: int, has: int, person: Person) -> Iterator[Remark]:
    """Who has nothing may get one ticket that is heavier than their capacity."""
    over = had > 0 and has > int(person.capacity)
    told = f"from {had} to {has} of {person.capacity}" if over else ""
    yield Remark(IN_ROOM, person.name, told)
    gone = person.availability if person.desk else "gone for good"
    yield Remark(TO_SOMEBODY, person.name, "" if _is_there(person) else f"but was {gone}")


def _is_there(person: Person) -> bool:
    given_at, until = person.assigned_at, person.away_until
    is_back = until is not None and given_at is not None and until <= given_at
    return bool(person.desk) and (person.availability == Availability.AVAILABLE or is_back)


def _changes(home: Path) -> Iterator[tuple[Person | None, Person | None]]:
    """Everybody's row before and after each write."""
    reader = StreamReader(boto3.client("dynamodbstreams"), arn_of("people"), home / "audit.json")
    while records := reader.read():
        for change in (one["dynamodb"] for one in records):
            yield _person(change.get("OldImage")), _person(change.get("NewImage"))
        reader.advance(records)


def _person(image: Image | None) -> Person | None:
    return Person.from_raw_data(image) if image else None
