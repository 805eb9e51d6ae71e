"""What goes over the wire to AWS: written down, cut off by a kill, or robbed of its guards."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import botocore.client

from chalicelib.domain.instants import to_text

WRITE = "TransactWriteItems"


class Tap:
    """Sits on every call of this process, and keeps a ledger that outlives a kill."""

    def __init__(self, ledger: Path, now: Callable[[], datetime], unguarded: bool) -> None:
        self._file = os.open(ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._now, self._unguarded = now, unguarded
        self._left: int | None = None
        self._after = False
        original = botocore.client.BaseClient._make_api_call

        def tapped(client: Any, operation: str, asked: Any) -> Any:
            return self._call(lambda: original(client, operation, asked), operation, asked)

        botocore.client.BaseClient._make_api_call = tapped  # type: ignore[method-assign]

    def die_at(self, call: int | None, after: bool) -> None:
        """Be killed at one of the calls to come, counted from 1; None for never."""
        self._left, self._after = call, after

    def note(self, **facts: Any) -> None:
        """One line in one write, so that it is there whole or not at all."""
        os.write(self._file, json.dumps({**facts, "at": to_text(self._now())}).encode() + b"\n")

    def _call(self, send: Callable[[], Any], operation: str, asked: Any) -> Any:
        is_last = self._is_last()
        if is_last and not self._after:
            _die()
        written = list(_entries(asked)) if operation == WRITE else []
        if written:
            self.note(tried=written)
            if self._unguarded:
                _take_guards(asked)
        answer = send()
        if is_last:
            _die()
        if written:
            self.note(done=written)
        return answer

    def _is_last(self) -> bool:
        if self._left is None:
            return False
        self._left -= 1
        return self._left == 0


def _entries(asked: Any) -> Iterator[dict[str, str]]:
    """The timeline entries of a write, by what tells them apart."""
    for one in asked["TransactItems"]:
        item = one.get("Put", {}).get("Item", {})
        if "entry_id" in item:
            yield {name: item[name]["S"] for name in ("ticket_id", "entry_id", "kind", "at")}


def _take_guards(asked: Any) -> None:
    for one in asked["TransactItems"]:
        for name in ("ConditionExpression", "ExpressionAttributeNames",
                     "ExpressionAttributeValues"):  # fmt: skip
            one["Put"].pop(name, None)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
