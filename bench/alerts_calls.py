"""How many calls to DynamoDB a repeat takes: counted on a faked AWS, in a process of its own."""

import io
from collections import Counter
from contextlib import redirect_stdout
from multiprocessing import get_context
from multiprocessing.connection import Connection

STORE = {"GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem",
         "TransactWriteItems", "TransactGetItems", "BatchWriteItem"}  # fmt: skip


def of_a_repeat() -> dict[str, int]:
    """Calls from its POST to the end of its worker, by their names."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_count, args=(there,))
    process.start()
    there.close()
    calls: Counter[str] = here.recv()
    process.join()
    return {name: number for name, number in calls.items() if name in STORE}


def _count(pipe: Connection) -> None:
    import pytest
    from moto import mock_aws

    import tests.conftest  # noqa: F401
    from tests import aws
    from tests.integration import monitoring
    from tests.integration.counting import counted

    with mock_aws(), redirect_stdout(io.StringIO()):  # what functions print is their metrics
        aws.build()
        aws.empty()
        found, alert = monitoring.connect(), monitoring.told("Disk")
        monitoring.report(found, alert)
        with counted(pytest.MonkeyPatch()) as calls:
            monitoring.report(found, alert)
        pipe.send(calls)
