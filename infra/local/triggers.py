"""What starts each function: read from the Chalice app, connected as infra/resources.yaml says."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalice.app import Chalice, DynamoDBEventConfig, ScheduledEventConfig, SQSEventConfig
from chalice.config import Config
from chalice.local import LambdaContext

from infra.local.resources import Desk

Kind = type[SQSEventConfig] | type[DynamoDBEventConfig] | type[ScheduledEventConfig]


@dataclass(frozen=True)
class Trigger:
    """One function, what the app says about its source, and how that source is connected."""

    function: str
    call: Callable[[dict[str, Any], LambdaContext], Any]
    declared: Any
    connected: dict[str, Any]
    config: Config

    def invoke(self, event: dict[str, Any]) -> Any:
        """Runs the function as Lambda does; whatever it raises is raised."""
        timeout = self.config.lambda_timeout * 1000
        context = LambdaContext(self.function, self.config.lambda_memory_size, timeout)
        return self.call(event, context)

    def failures(self, event: dict[str, Any], ids: list[str]) -> set[str]:
        """Which of the records failed, as a partial batch response says; all, if it raises."""
        answer = self.invoke(event) or {}
        failed = {one.get("itemIdentifier") for one in answer.get("batchItemFailures") or []}
        # Lambda takes an identifier that it cannot know for a failure of the whole batch.
        return failed if failed <= set(ids) else set(ids)


def of_kind(app: Chalice, kind: Kind, desk: Desk, config: Config) -> list[Trigger]:
    """The triggers of one kind that the app declares."""
    return [
        Trigger(
            source.name,
            _load(source.handler_string),
            source,
            connected,
            config.scope(config.chalice_stage, source.name),
        )
        for source in app.event_sources
        if isinstance(source, kind)
        for connected in desk.event_sources(source.name) or [{}]
    ]


def _load(handler: str) -> Callable[..., Any]:
    module, _, name = handler.rpartition(".")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function
