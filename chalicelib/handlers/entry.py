"""The doors: what surrounds every view, every queue message and every tick of the clock."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from chalice import Response
from chalice.app import Blueprint

from chalicelib.domain.errors import Stale
from chalicelib.handlers.headers import OF_DATA
from chalicelib.handlers.incoming import Incoming
from chalicelib.handlers.problems import UNFORESEEN, Problem, problem_of
from chalicelib.observability import count, flush, logger, tracer

PROBLEM_JSON = "application/problem+json"
SAFE_HEADERS = OF_DATA

View = Callable[..., Response]
Message = dict[str, Any]


def api_view(blueprint: Blueprint) -> Callable[[View], View]:
    """JSON in and out: the view gets an Incoming; every error leaves as problem+json."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(**path: str) -> Response:
            incoming = Incoming.of(blueprint.current_request)
            try:
                return view(incoming, **path)
            except Exception as error:
                return _problem_response(incoming, _problem(error, incoming), error)

        return answer

    return decorate


def json_response(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    body = text.encode("utf-8", "replace").decode()  # a lone surrogate must not break an answer
    told: dict[str, str | list[str]] = {"Content-Type": "application/json", **SAFE_HEADERS}
    return Response(body=body, status_code=status, headers={**told, **(headers or {})})


def no_content() -> Response:
    return Response(body="", status_code=204, headers=dict(SAFE_HEADERS))


def each_message(handle: Callable[[Message, Any], object]) -> Callable[[Any], dict[str, Any]]:
    """An SQS worker that handles one message; those that fail come again, the others do not."""
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)

    def one(record: SQSRecord, lambda_context: Any) -> object:
        with logger.append_context_keys(message_id=record.message_id):
            try:
                return handle(json.loads(record.body), lambda_context)
            except Exception:  # Powertools only notes that it failed
                logger.exception("message failed")
                count("MessageFailed")
                raise

    @wraps(handle)
    def work(event: Any) -> dict[str, Any]:
        return _in_batches(event, one, processor)

    return work


def all_messages(handle: Callable[[list[Message]], list[int]]) -> Callable[[Any], dict[str, Any]]:
    """An SQS worker that takes a batch together, and answers the positions of those that failed."""

    @wraps(handle)
    def work(event: Any) -> dict[str, Any]:
        records = event.to_dict()["Records"]
        try:
            failed = handle([json.loads(record["body"]) for record in records])
            named = [{"itemIdentifier": records[place]["messageId"]} for place in failed]
            return {"batchItemFailures": named}
        finally:
            flush()

    return work


def each_stream_record(handle: Callable[[list[Any]], list[str]]) -> Callable[[Any], dict[str, Any]]:
    """A stream worker that takes a batch whole and answers from which record on it comes again."""

    @wraps(handle)
    def work(event: Any) -> dict[str, Any]:
        failed = handle(event.to_dict()["Records"])
        return {"batchItemFailures": [{"itemIdentifier": name} for name in failed[:1]]}

    return work


def on_the_clock(tick: Callable[[Any], object]) -> Callable[[Any], object]:
    """A scheduled Lambda, with its metrics flushed and its failures counted."""

    @wraps(tick)
    def run(event: Any) -> object:
        with tracer.provider.in_subsegment(f"## {tick.__name__}"):
            try:
                return tick(event)
            finally:
                flush()

    return run


def report_unforeseen(error: Exception, incoming: Incoming) -> None:
    """Leave what support needs in the log, and nothing that a requester wrote."""
    logger.exception("unforeseen error", exc_info=error, request_id=incoming.request_id)
    count("UnforeseenError")
    flush()


def _problem(error: Exception, incoming: Incoming) -> Problem:
    known = problem_of(error)
    if known is None:
        report_unforeseen(error, incoming)
    return known or UNFORESEEN


def _problem_response(incoming: Incoming, problem: Problem, error: Exception) -> Response:
    data = problem.to_data(incoming.path, incoming.request_id)
    headers = {"Content-Type": PROBLEM_JSON, **problem.headers}
    if isinstance(error, Stale):
        headers["ETag"] = f'"{error.current_version}"'
    return json_response(data, int(problem.status), headers)


def _in_batches(event: Any, one: Callable[..., object], processor: Any) -> dict[str, Any]:
    try:
        return dict(
            process_partial_response(
                event=event.to_dict(),
                record_handler=one,
                processor=processor,
                context=event.context,
            )
        )
    finally:
        flush()
