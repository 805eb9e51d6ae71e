"""A stage as a CloudFormation stack; the deploy and the rehearsal change it in the same way."""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError

from infra.artifacts import Published
from infra.aws import Clients
from infra.change_set import ChangeSet, DeploymentFailed, Event, Events

CAPABILITIES = ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
NEVER_LIVED = ("REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE")


class Stack:
    """The stack of one stage, whether it exists yet or not.

    A change is waited for as long as `patience`, with a look every `pause`, both in seconds.
    """

    def __init__(
        self, aws: Clients, stage: str, pause: float = 2.0, patience: float = 3600.0
    ) -> None:
        self.name = f"helpdesk-{stage}"
        self._pause, self._patience = pause, patience
        self._cloudformation = aws("cloudformation")

    def state(self, stack_id: str = "") -> dict[str, Any] | None:
        """What CloudFormation knows of the stack; None when there is none."""
        try:
            answer = self._cloudformation.describe_stacks(StackName=stack_id or self.name)
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        state: dict[str, Any] = answer["Stacks"][0]
        return state

    def outputs(self) -> dict[str, str]:
        state = self.state() or {}
        return {each["OutputKey"]: each["OutputValue"] for each in state.get("Outputs", [])}

    @contextmanager
    def proposed(
        self, published: Published, given: Mapping[str, str | None]
    ) -> Iterator[ChangeSet]:
        """What deploying would change; it is thrown away unless executed within the block.

        A parameter whose `given` value is None keeps the value it has, or gets its default.
        Raises DeploymentFailed when CloudFormation cannot make sense of the template.
        """
        change_set = self._propose(published, given)
        try:
            change_set.wait_until_known(self._pause)
            yield change_set
        finally:
            if not change_set.executed:
                change_set.discard()
                self._remove_if_it_never_lived(change_set.stack_id)

    def execute(
        self, change_set: ChangeSet, tell: Callable[[Event], object] = lambda event: None
    ) -> None:
        """Change the stack, and tell of each event as it comes. Raises DeploymentFailed."""
        events = Events(self._cloudformation, change_set.stack_id)
        change_set.execute()
        status = self._rest(change_set.stack_id, lambda: [tell(each) for each in events.news()])
        if status not in DONE:
            raise DeploymentFailed("\n".join(events.failures()) or f"The stack is {status}.")

    def _propose(self, published: Published, given: Mapping[str, str | None]) -> ChangeSet:
        state = self.state()
        if state and state["StackStatus"] in NEVER_LIVED:
            self._remove_if_it_never_lived(state["StackId"])
            state = None
        known = {each["ParameterKey"] for each in (state or {}).get("Parameters", [])}
        created = self._cloudformation.create_change_set(
            StackName=self.name,
            ChangeSetName=f"deploy-{secrets.token_hex(8)}",
            ChangeSetType="UPDATE" if state else "CREATE",
            TemplateURL=published.address,
            Parameters=list(_parameters(published.template, given, known)),
            Capabilities=CAPABILITIES,
        )
        return ChangeSet(self._cloudformation, created, first=not state)

    def _remove_if_it_never_lived(self, stack_id: str) -> None:
        """A preview that nobody executed or a first deploy that failed: nothing is lost with it."""
        state = self.state(stack_id)
        if state and state["StackStatus"] in NEVER_LIVED:
            self._cloudformation.delete_stack(StackName=stack_id)
            self._rest(stack_id)

    def _rest(self, stack_id: str, look: Callable[[], object] = lambda: None) -> str:
        """The status in which the stack comes to rest; has a look each time while waiting."""
        deadline = time.monotonic() + self._patience
        while time.monotonic() < deadline:
            state = self.state(stack_id)
            look()
            status: str = state["StackStatus"] if state else "DELETE_COMPLETE"
            if not status.endswith("_IN_PROGRESS"):
                return status
            time.sleep(self._pause)
        raise DeploymentFailed(
            f"CloudFormation is not done after {self._patience / 60:.0f} minutes."
        )


def _parameters(
    template: dict[str, Any], given: Mapping[str, str | None], known: set[str]
) -> Iterator[dict[str, Any]]:
    for name in template.get("Parameters", {}):
        value = given.get(name)
        if value is not None:
            yield {"ParameterKey": name, "ParameterValue": value}
        elif name in known:
            yield {"ParameterKey": name, "UsePreviousValue": True}
