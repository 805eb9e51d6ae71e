"""What a source is: how its deliveries are authenticated and read, with examples that prove it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.domain.alerts import Report


class Unreadable(ValueError):
    """The delivery is not what its source sends; the text says what is wrong with it."""


class Refused(ValueError):
    """The delivery is not from whom it should be; the text says why: unsigned, altered, old."""


@dataclass(frozen=True)
class Delivery:
    """What a tool sent, as it came.

    `headers` have lower-case names. `path` is what follows the integration's address, without the
    slash: "v2/enqueue". `options` are those of the integration, such as a mapping.
    """

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    path: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


Parse = Callable[[Delivery], Report]
"""Raises Unreadable, and nothing else, whatever the delivery holds."""

Authenticate = Callable[[Delivery, tuple[str, ...], datetime], None]
"""Takes the delivery, the integration's secrets (the newest first, never empty) and now.

Raises Refused. Runs before the delivery is kept, so it reads no more than it must.
"""


@dataclass(frozen=True)
class Example:
    """A delivery as the tool really sends it, and what it means."""

    name: str
    delivery: Delivery
    report: Report


@dataclass(frozen=True)
class Source:
    """One kind of monitoring tool.

    `proof` says for people how its deliveries are authenticated. `set_up` says step by step where
    to put `{url}` and `{secret}`, a line each. `verify` proves what takes longer than an answer
    may, in the worker; it raises Refused as well. `after` is done once a delivery is proven and
    understood. `answer` is what the tool's protocol wants to hear, given the delivery and its id.
    `repeats_within` are the seconds in which the tool tells again of what goes on, by default;
    None where it tells only once.
    """

    id: str
    title: str
    parse: Parse
    authenticate: Authenticate
    proof: str
    set_up: tuple[str, ...]
    examples: tuple[Example, ...]
    verify: Callable[[Delivery, datetime], None] | None = None
    after: Callable[[Delivery], None] | None = None
    answer: Callable[[Delivery, str], dict[str, Any]] | None = None
    paths: tuple[str, ...] = ("",)
    repeats_within: int | None = None
