"""The local desk that is reported to: its queues, and what became of the alerts."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.e2e.calls import API, Caller
from tests.e2e.local_desk import LocalDesk

LOOKS_EVERY, GIVES_UP_AFTER = 0.25, 1200
OPEN = "new,open,pending,on_hold"
WAITING = ("depth", "in_flight", "delayed")

Data = dict[str, Any]


@dataclass(frozen=True)
class Reported:
    """An integration of the desk: where it reports to, and what it is called."""

    desk: LocalDesk
    name: str
    address: str

    def incidents(self) -> list[Data]:
        """Those that it opened, parts of others among them."""
        found = (one for one in _tickets(self.desk.call("ada")))
        return [one for one in found if one["requester"]["name"] == self.name]


def connect(desk: LocalDesk, name: str, **fields: Any) -> Reported:
    """A new integration of the kind Alertmanager."""
    wanted = {"id": name, "name": name, "source": "alertmanager", **fields}
    made = desk.call("ada").post(f"{API}/integrations", wanted)
    if made.status != 201:
        raise ValueError(made.text)
    return Reported(desk, name, desk.base_url + urlsplit(made.json()["address"]).path)


def drain(desk: LocalDesk, names: tuple[str, ...] = ()) -> float:
    """Wait until nothing is left in these queues, or in any; answers the seconds that it took."""
    began, empty = time.monotonic(), 0
    while empty < 3:
        if time.monotonic() - began > GIVES_UP_AFTER:
            raise TimeoutError(f"still not drained: {_queues(desk)}")
        time.sleep(LOOKS_EVERY)
        left = sum(row[word] for row in _queues(desk) for word in WAITING
                   if not names or row["name"] in names)  # fmt: skip
        empty = 0 if left else empty + 1
    return time.monotonic() - began - (empty - 1) * LOOKS_EVERY


def dead_letters(desk: LocalDesk) -> int:
    return sum(int(row["dead_letters"]) for row in _queues(desk))


def told_of(desk: LocalDesk, ticket_id: str) -> tuple[int, list[str]]:
    """A ticket's version, and the ids of its timeline."""
    ada = desk.call("ada")
    version = ada.get(f"{API}/tickets/{ticket_id}").json()["version"]
    return version, [one["id"] for one in ada.timeline(ticket_id)]


def _tickets(caller: Caller) -> Iterator[Data]:
    first = f"{API}/tickets?channel=monitoring&status={OPEN}&limit=100"
    page = caller.get(first).json()
    yield from page["items"]
    while page["next"]:
        page = caller.get(f"{first}&cursor={page['next']}").json()
        yield from page["items"]


def _queues(desk: LocalDesk) -> list[Data]:
    rows: list[Data] = desk.call().get("/_local/queues").json()["items"]
    return rows
