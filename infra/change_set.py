"""A CloudFormation change set: what would happen to each resource, and then what did."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

NOTHING_NEW = ("didn't contain changes", "No updates are to be performed")
CANCELLED = ("Resource creation cancelled", "Resource update cancelled")

Event = dict[str, Any]


class DeploymentFailed(Exception):
    """CloudFormation gave up; the message names each resource that failed and why."""


@dataclass(frozen=True)
class Change:
    """What would happen to one resource, in CloudFormation's words."""

    action: str
    resource: str
    kind: str
    replacement: str
    policy: str


class ChangeSet:
    """A proposal: first known, then executed or discarded."""

    def __init__(self, cloudformation: Any, created: dict[str, str], first: bool) -> None:
        self.first = first
        self.executed = self.empty = False
        self.changes: list[Change] = []
        self.stack_id = created["StackId"]
        self._id = created["Id"]
        self._cloudformation = cloudformation

    def wait_until_known(self, pause: float) -> None:
        """Wait for CloudFormation to compare. Raises DeploymentFailed when it cannot."""
        while (found := self._describe())["Status"].endswith(("_PENDING", "_IN_PROGRESS")):
            time.sleep(pause)
        reason = found.get("StatusReason") or ""
        self.empty = any(words in reason for words in NOTHING_NEW)
        if found["Status"] == "FAILED" and not self.empty:
            raise DeploymentFailed(reason)
        self.changes = list(self._read_changes())

    def execute(self) -> None:
        """Begin. What is made now goes away again if this fails, also what is to outlive the
        stack: it is empty, and its name would be taken at the next try."""
        self._cloudformation.execute_change_set(ChangeSetName=self._id, RetainExceptOnCreate=True)
        self.executed = True

    def discard(self) -> None:
        self._cloudformation.delete_change_set(ChangeSetName=self._id)

    def _describe(self) -> dict[str, Any]:
        found: dict[str, Any] = self._cloudformation.describe_change_set(ChangeSetName=self._id)
        return found

    def _read_changes(self) -> Iterator[Change]:
        pages = self._cloudformation.get_paginator("describe_change_set")
        for page in pages.paginate(ChangeSetName=self._id):
            for each in page.get("Changes", []):
                yield _change(each["ResourceChange"])


class Events:
    """What happens to a stack from now on, each event once."""

    def __init__(self, cloudformation: Any, stack_id: str) -> None:
        self.seen: list[Event] = []
        self._pages = cloudformation.get_paginator("describe_stack_events")
        self._stack_id = stack_id
        self._newest = next((event["EventId"] for event in self._all()), "")

    def news(self) -> list[Event]:
        """The events since the last call, oldest first."""
        fresh = list(takewhile(lambda event: event["EventId"] != self._newest, self._all()))
        self._newest = fresh[0]["EventId"] if fresh else self._newest
        self.seen += reversed(fresh)
        return fresh[::-1]

    def failures(self) -> Iterator[str]:
        """What failed by itself, not what was cancelled because of that."""
        for event in self.seen:
            reason = event.get("ResourceStatusReason") or "no reason given"
            if event["ResourceStatus"].endswith("FAILED") and reason not in CANCELLED:
                yield f"{event['LogicalResourceId']} ({event['ResourceType']}): {reason}"

    def _all(self) -> Iterator[Event]:
        """Newest first; pages are read as far as they are needed."""
        for page in self._pages.paginate(StackName=self._stack_id):
            yield from page["StackEvents"]


def _change(found: dict[str, Any]) -> Change:
    return Change(
        action=found["Action"],
        resource=found["LogicalResourceId"],
        kind=found["ResourceType"],
        replacement=found.get("Replacement") or "",
        policy=found.get("PolicyAction") or "",
    )
