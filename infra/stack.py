"""A stage as a CloudFormation stack: a change set says what would change, then changes it."""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from botocore.exceptions import ClientError

from infra.artifacts import Clients, Published

CAPABILITIES = ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
PATIENCE = 3600.0  # seconds; CloudFormation itself gives up on a resource much earlier
DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
NEVER_LIVED = ("REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE")
NOTHING_NEW = ("didn't contain changes", "No updates are to be performed")
CANCELLED = ("Resource creation cancelled", "Resource update cancelled")

Event = dict[str, Any]


class DeploymentFailed(Exception):
    """CloudFormation gave up; the message names each resource that failed and why."""


class Stack:
    """The stack of one stage, whether it exists yet or not; `pause` is in seconds."""

    def __init__(self, aws: Clients, stage: str, pause: float = 2.0) -> None:
        self.name = f"helpdesk-{stage}"
        self.pause = pause
        self.cloudformation = aws("cloudformation")

    def state(self, stack_id: str = "") -> dict[str, Any] | None:
        """What CloudFormation knows of the stack; None when there is none."""
        try:
            answer = self.cloudformation.describe_stacks(StackName=stack_id or self.name)
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        stack: dict[str, Any] = answer["Stacks"][0]
        return stack

    def outputs(self) -> dict[str, str]:
        state = self.state() or {}
        return {each["OutputKey"]: each["OutputValue"] for each in state.get("Outputs", [])}

    @contextmanager
    def proposed(
        self, published: Published, given: Mapping[str, str | None]
    ) -> Iterator["ChangeSet"]:
        """What deploying would change; it is thrown away unless executed within the block.

        A parameter that is `given` as None keeps its value. Raises DeploymentFailed.
        """
        change_set = self._propose(published, given)
        try:
            change_set.wait_until_known()
            yield change_set
        finally:
            if not change_set.executed:
                change_set.discard()

    def remove(self, stack_id: str) -> None:
        """Remove the stack if it never lived, so that nothing is lost with it."""
        state = self.state(stack_id)
        if state and state["StackStatus"] in NEVER_LIVED:
            self.cloudformation.delete_stack(StackName=stack_id)
            self.wait(stack_id)

    def wait(self, stack_id: str, look: Callable[[], object] = lambda: None) -> str:
        """Answers the status in which the stack comes to rest; looks at it meanwhile."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            state = self.state(stack_id)
            look()
            if state is None or not state["StackStatus"].endswith("_IN_PROGRESS"):
                return state["StackStatus"] if state else "DELETE_COMPLETE"
            time.sleep(self.pause)
        raise DeploymentFailed(f"CloudFormation is not done after {PATIENCE / 60:.0f} minutes.")

    def _propose(self, published: Published, given: Mapping[str, str | None]) -> "ChangeSet":
        state = self.state()
        if state and state["StackStatus"] == "ROLLBACK_COMPLETE":
            self.remove(state["StackId"])  # a first deploy that failed; it cannot be updated
        first = not state or state["StackStatus"] in NEVER_LIVED
        values = [] if first or not state else state.get("Parameters", [])
        known = {each["ParameterKey"] for each in values}
        answer = self.cloudformation.create_change_set(
            StackName=self.name,
            ChangeSetName=f"deploy-{secrets.token_hex(8)}",
            ChangeSetType="CREATE" if first else "UPDATE",
            TemplateURL=published.address,
            Parameters=list(_parameters(published.template, given, known)),
            Capabilities=CAPABILITIES,
        )
        return ChangeSet(self, answer["Id"], answer["StackId"], first)


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

    def __init__(self, stack: Stack, change_set_id: str, stack_id: str, first: bool) -> None:
        self.first = first
        self.executed = self.empty = False
        self.changes: list[Change] = []
        self._stack, self._id, self._stack_id = stack, change_set_id, stack_id
        self._cloudformation = stack.cloudformation

    def wait_until_known(self) -> None:
        """Wait for CloudFormation to compare. Raises DeploymentFailed when it cannot."""
        while (found := self._describe())["Status"].endswith(("_PENDING", "_IN_PROGRESS")):
            time.sleep(self._stack.pause)
        reason = found.get("StatusReason") or ""
        self.empty = any(words in reason for words in NOTHING_NEW)
        if found["Status"] == "FAILED" and not self.empty:
            raise DeploymentFailed(reason)
        self.changes = list(self._read_changes())

    def execute(self, tell: Callable[[Event], object] = lambda event: None) -> None:
        """Do it, and tell of each event as it comes. Raises DeploymentFailed."""
        events = _Events(self._cloudformation, self._stack_id)
        events.news()
        # What a failed first deploy made goes away with it, also what is to outlive the stack:
        # it is empty, and its name would be taken when the deploy is tried again.
        options = {"RetainExceptOnCreate": True} if self.first else {}
        self._cloudformation.execute_change_set(ChangeSetName=self._id, **options)
        self.executed = True
        seen: list[Event] = []

        def look() -> None:
            for event in events.news():
                seen.append(event)
                tell(event)

        status = self._stack.wait(self._stack_id, look)
        if status not in DONE:
            raise DeploymentFailed("\n".join(_reasons(seen)) or f"The stack is {status}.")

    def discard(self) -> None:
        self._cloudformation.delete_change_set(ChangeSetName=self._id)
        self._stack.remove(self._stack_id)

    def _describe(self) -> dict[str, Any]:
        found: dict[str, Any] = self._cloudformation.describe_change_set(ChangeSetName=self._id)
        return found

    def _read_changes(self) -> Iterator[Change]:
        pages = self._cloudformation.get_paginator("describe_change_set")
        for page in pages.paginate(ChangeSetName=self._id):
            for each in page.get("Changes", []):
                yield _change(each["ResourceChange"])


class _Events:
    """What happens to a stack, each event once."""

    def __init__(self, cloudformation: Any, stack_id: str) -> None:
        self._pages = cloudformation.get_paginator("describe_stack_events")
        self._stack_id = stack_id
        self._newest = ""

    def news(self) -> list[Event]:
        """The events since the last call, oldest first."""
        pages = self._pages.paginate(StackName=self._stack_id)
        events = (event for page in pages for event in page["StackEvents"])
        fresh = list(takewhile(lambda event: event["EventId"] != self._newest, events))
        self._newest = fresh[0]["EventId"] if fresh else self._newest
        return fresh[::-1]


def _parameters(
    template: dict[str, Any], given: Mapping[str, str | None], known: set[str]
) -> Iterator[dict[str, Any]]:
    for name in template.get("Parameters", {}):
        value = given.get(name)
        if value is not None:
            yield {"ParameterKey": name, "ParameterValue": value}
        elif name in known:
            yield {"ParameterKey": name, "UsePreviousValue": True}


def _change(found: dict[str, Any]) -> Change:
    return Change(
        action=found["Action"],
        resource=found["LogicalResourceId"],
        kind=found["ResourceType"],
        replacement=found.get("Replacement") or "",
        policy=found.get("PolicyAction") or "",
    )


def _reasons(events: list[Event]) -> Iterator[str]:
    """What failed by itself, not what was cancelled because of that."""
    for event in events:
        reason = event.get("ResourceStatusReason") or "no reason given"
        if event["ResourceStatus"].endswith("FAILED") and reason not in CANCELLED:
            yield f"{event['LogicalResourceId']} ({event['ResourceType']}): {reason}"
