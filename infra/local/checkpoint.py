"""Reads a DynamoDB stream from where it was left, across restarts of runner and emulator."""

from datetime import datetime
from pathlib import Path
from typing import Any

from infra.local import files

Records = list[dict[str, Any]]
PAGE = 100


class StreamReader:
    """The records of a stream's one shard (the emulator has no more), each until it is done."""

    def __init__(self, streams: Any, arn: str, checkpoint: Path) -> None:
        self._streams, self._arn, self._checkpoint = streams, arn, checkpoint
        known = files.read(checkpoint, {})
        self._after: str | None = known.get("after") if known.get("stream") == arn else None
        self._unread: Records = known.get("unread", [])
        self._iterator: str | None = None

    def read(self) -> Records:
        """The next records in the shape that Lambda hands over; none at the end."""
        if self._unread:
            return list(self._unread)
        answer = self._streams.get_records(
            ShardIterator=self._iterator or self._find_place(), Limit=PAGE
        )
        self._iterator = answer.get("NextShardIterator")
        return [self._as_record(record) for record in answer["Records"]]

    def advance(self, records: Records) -> None:
        """Remembers that these records, the next in order, are done."""
        if self._unread:
            del self._unread[: len(records)]
        else:
            self._after = records[-1]["dynamodb"]["SequenceNumber"]
        self._save()

    def rewind(self) -> None:
        """Reads again from the first record that is not done."""
        self._iterator = None

    def keep_unread(self) -> int:
        """Copies what is not done into the checkpoint, before a stop that empties the stream."""
        kept, self._unread = self._unread, []
        self.rewind()
        while page := self.read():
            kept += page
        self._unread = kept
        self._save()
        return len(kept)

    def _save(self) -> None:
        content = {"stream": self._arn, "after": self._after, "unread": self._unread}
        files.write_whole(self._checkpoint, content)

    def _find_place(self) -> str:
        if self._after is not None:
            try:
                return self._place("AFTER_SEQUENCE_NUMBER", SequenceNumber=self._after)
            except self._streams.exceptions.TrimmedDataAccessException:
                self._after = None
        return self._place("TRIM_HORIZON")

    def _place(self, kind: str, **place: str) -> str:
        described = self._streams.describe_stream(StreamArn=self._arn)["StreamDescription"]
        shard = described["Shards"][0]["ShardId"]
        answer = self._streams.get_shard_iterator(
            StreamArn=self._arn, ShardId=shard, ShardIteratorType=kind, **place
        )
        iterator: str = answer["ShardIterator"]
        return iterator

    def _as_record(self, record: dict[str, Any]) -> dict[str, Any]:
        change = dict(record["dynamodb"])
        created = change.get("ApproximateCreationDateTime")
        if isinstance(created, datetime):
            change["ApproximateCreationDateTime"] = created.timestamp()
        return {**record, "dynamodb": change, "eventSourceARN": self._arn}
