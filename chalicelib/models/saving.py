"""Several records in one transaction: all of them, or none."""

from collections.abc import Iterable, Sequence
from functools import cache

from pynamodb.connection import Connection
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.models.base import Check, Record, Table, Update

CONDITION_FAILED = "ConditionalCheckFailed"
LOST_RACE = {CONDITION_FAILED, "TransactionConflict", None}


class NotSaved(Exception):
    """Nothing was written: someone else was faster. `beaten` are the records whose guard failed."""

    def __init__(self, beaten: list[Record]) -> None:
        super().__init__("another write came first")
        self.beaten = beaten


def save_together(
    *records: Record, updates: Iterable[Update] = (), without: Record | None = None,
    checks: Sequence[Check] = (),
) -> None:  # fmt: skip
    """Write all records under their guards, change attributes of others and take one away.

    All in one call, if what is checked holds. Raises NotSaved.
    """
    try:
        with TransactWrite(connection=_connection()) as transaction:
            for check in checks:
                transaction.condition_check(check.model, check.key, condition=check.condition)
            for record in records:
                transaction.save(record, condition=record.guard())
            if without:
                transaction.delete(without)
            for one in updates:
                transaction.update(one.record, list(one.actions), condition=one.condition)
    except (TransactWriteError, PutError) as error:
        before = len(checks) + (without is not None)  # the order is that of TransactWrite
        raise NotSaved(_beaten(error, records, before)) from error


def _beaten(
    error: TransactWriteError | PutError, records: tuple[Record, ...], before: int
) -> list[Record]:
    codes = [
        reason.code if reason else None for reason in getattr(error, "cancellation_reasons", [])
    ]
    if not codes or not set(codes) <= LOST_RACE:
        raise error
    own = codes[before:]
    return [r for r, code in zip(records, own, strict=False) if code == CONDITION_FAILED]


@cache
def _connection() -> Connection:
    return Connection(
        region=Table.region,
        host=Table.host,
        read_timeout_seconds=Table.read_timeout_seconds,
        connect_timeout_seconds=Table.connect_timeout_seconds,
        max_retry_attempts=Table.max_retry_attempts,
    )
