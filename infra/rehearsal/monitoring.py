"""The journey's part about monitoring tools: incidents, proofs, maintenance, the watch's tick."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from infra.rehearsal.cast import Cast
from infra.rehearsal.desk import Desk, expect
from infra.rehearsal.tools import TOO_MUCH, Tool

SOON, A_TICK = 60.0, 90.0
COMES_AGAIN = 180.0  # a message whose function started too slowly here
WINDOW_MINUTES = 2
HELD, STORMY, MANY = "Patching", "Storm", 7

Data = dict[str, Any]


class Monitoring:
    """Each public method is a step; it answers what it saw, or raises Unexpected."""

    def __init__(self, desk: Desk, cast: Cast) -> None:
        self._desk = desk
        self._cast = cast
        self._tool = Tool(desk, cast.integration_address)
        self._signing: Tool | None = None

    def maintenance_holds_an_alert(self) -> str:
        """In a maintenance window made over the API, an alert is kept and opens nothing"""
        window = {"name": "Patches", "starts_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M}",
                  "minutes": WINDOW_MINUTES, "time_zone": "UTC",
                  "matchers": [f"alertname={HELD}"]}  # fmt: skip
        self._desk.post("/maintenance-windows", self._cast.admin, window)
        self._tool.alert("firing", HELD)
        row = until(lambda: self._deliveries("rehearsal"), bool)[0]
        expect(row["decisions"] == {"hold": 1} and not self._incidents(HELD), row)
        return f"{row['outcome']}, no incident"

    def alert_becomes_an_incident(self) -> str:
        """A monitoring alert opens an incident, a repeat is counted, its end resolves it"""
        self._tool.alert("firing", "DiskFull", TOO_MUCH)
        (incident,) = until(lambda: self._incidents("DiskFull"), lambda seen: len(seen) == 1)
        self._tool.alert("firing", "DiskFull", TOO_MUCH)
        until(lambda: self._read(incident["id"]), lambda seen: seen["alerts"]["count"] == 2)
        self._tool.alert("resolved", "DiskFull", TOO_MUCH)
        until(lambda: self._read(incident["id"]), lambda seen: seen["status"] == "resolved")
        return f"{incident['id']} resolved"

    def storm_folds(self) -> str:
        """Many alerts of one service become parts of the first incident; then all of them end"""
        names = [f"{STORMY}{number}" for number in range(MANY)]
        for name in names:
            self._tool.alert("firing", name, service="shop")
        found = until(
            lambda: self._incidents(STORMY),
            lambda seen: len([one for one in seen if one["parent"]]) == MANY - 1,
        )
        for name in names:
            self._tool.alert("resolved", name, service="shop")
        (parent,) = {one["parent"] for one in found if one["parent"]}
        return f"{parent} has {MANY - 1} parts"

    def signed_tool_reports(self) -> str:
        """A tool made over the API signs what it tells; what is not signed is refused and kept"""
        wanted = {"id": "watcher", "name": "Watcher", "source": "standard-webhooks",
                  "on_resolve": "quiet", "quiet_for": 5}  # fmt: skip
        made = self._desk.post("/integrations", self._cast.admin, wanted).json()
        self._signing = Tool(self._desk, made["address"], made["secret"])
        until(lambda: self._signing_answers(), lambda status: status == 401)
        self._signing.event("monitor.failed")
        until(lambda: self._incidents("The shop"), lambda seen: len(seen) == 1)
        outcomes = until(
            lambda: sorted({row["outcome"] for row in self._deliveries("watcher")}),
            lambda seen: len(seen) > 1,
        )
        expect(outcomes == ["refused", "taken"], outcomes)
        self._signing.event("monitor.recovered")
        return ", ".join(outcomes)

    def unreadable_is_shown(self) -> str:
        """What cannot be read is kept: an agent reads it, has it tried again and puts it aside"""
        expect(self._tool.send(b"{").status == 202, "not taken")
        (row,) = until(self._troubled, bool)
        path = f"/integrations/rehearsal/deliveries/{row['id']}"
        expect(self._desk.get(path, self._cast.admin)["body"] == "{", "the body is not shown")
        self._desk.post(f"{path}/replay", self._cast.admin, {}, status=202)
        (again,) = until(self._troubled, lambda seen: seen and seen[0]["id"] != row["id"])
        aside = f"/integrations/rehearsal/deliveries/{again['id']}/trouble"
        self._desk.delete(aside, self._cast.admin)
        until(self._troubled, lambda seen: not seen)
        large = next(one for one in self._deliveries("rehearsal") if one["size"] > 100_000)
        path = f"/integrations/rehearsal/deliveries/{large['id']}"
        expect("xxx" in self._desk.get(path, self._cast.admin)["body"], "the bucket's body")
        return str(row["detail"])

    def watch_resolves_what_is_quiet(self) -> str:
        """The watch's tick resolves what has been quiet for as long as its integration says"""
        looked = until(lambda: self._incidents("The shop", "resolved"), bool, within=A_TICK)
        return f"{looked[0]['id']} resolved"

    def watch_resolves_what_stormed(self) -> str:
        """The watch's tick resolves the parent when none of its parts fires any more"""
        until(lambda: self._incidents(STORMY), lambda seen: not seen, within=COMES_AGAIN + A_TICK)
        return f"{MANY} resolved"

    def maintenance_ends(self) -> str:
        """The window is over and the alert fires on: the watch's tick opens its incident"""
        within = 60 * WINDOW_MINUTES + A_TICK
        (incident,) = until(lambda: self._incidents(HELD), bool, within=within)
        return str(incident["id"])

    def _signing_answers(self) -> int:
        """404 where a process of the function does not know of it yet."""
        return self._signing.send(b"{}").status if self._signing else 0

    def _read(self, ticket_id: str) -> Data:
        return self._desk.ticket(ticket_id, self._cast.agent)

    def _incidents(self, title: str, status: str = "new,open,pending,on_hold") -> list[Data]:
        query = f"channel=monitoring&status={status}"
        found = self._desk.tickets(query, self._cast.agent)
        return [one for one in found if one["subject"].startswith(title)]

    def _deliveries(self, integration: str) -> list[Data]:
        path = f"/integrations/{integration}/deliveries"
        found: list[Data] = self._desk.get(path, self._cast.admin)["items"]
        return found

    def _troubled(self) -> list[Data]:
        found: list[Data] = self._desk.get("/troubled-deliveries", self._cast.admin)["items"]
        return found


def until(look: Callable[[], Any], enough: Callable[[Any], Any], within: float = SOON) -> Any:
    """Look again and again until it is enough; answers what was seen then."""
    deadline = time.monotonic() + within
    while not enough(seen := look()):
        expect(time.monotonic() < deadline, f"not within {within:.0f} s; last seen: {seen}")
        time.sleep(0.5)
    return seen
