"""A stand-in for DynamoDB and SQS that answers at once: `python -m bench.store`.

Its index of what is due is kept sorted, as DynamoDB's is, so an answer takes no longer however many
tickets there are. It knows only what a tick of the sweep asks. Prints its port; ends with stdin.
"""

import json
import sys
import threading
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HOST = "127.0.0.1"
KEYS = ("ticket_id", "entry_id")
END = "~"

Item = dict[str, dict[str, Any]]
Answer = dict[str, Any]

items: dict[str, dict[tuple[str, ...], Item]] = defaultdict(dict)
due: dict[str, list[tuple[str, str]]] = defaultdict(list)
one_at_a_time = threading.Lock()


class Refused(Exception):
    """An error of DynamoDB: its name and what goes with it."""

    def __init__(self, name: str, **more: Any) -> None:
        super().__init__(name)
        self.answer = {"__type": f"com.amazonaws.dynamodb.v20120810#{name}", **more}


def query(asked: dict[str, Any]) -> Answer:
    """A page of what is due in a shard by an instant; every other query finds nothing."""
    values = [one["S"] for one in asked["ExpressionAttributeValues"].values()]
    if asked.get("IndexName") != "due":
        return _page([])
    shard, until = sorted(values, key=lambda text: not text.startswith("due/"))
    rows, start = due[shard], asked.get("ExclusiveStartKey")
    first = bisect_right(rows, (start["due_at"]["S"], start["ticket_id"]["S"])) if start else 0
    last = min(bisect_right(rows, (until, END)), first + int(asked["Limit"]))
    found = [_keys(shard, *row) for row in rows[first:last]]
    more = {"LastEvaluatedKey": found[-1]} if last - first == asked["Limit"] else {}
    return _page(found) | more


def get_item(asked: dict[str, Any]) -> Answer:
    found = items[asked["TableName"]].get(_key(asked["Key"]))
    return {"Item": found} if found else {}


def put_item(asked: dict[str, Any]) -> Answer:
    if not _holds(asked):
        raise Refused("ConditionalCheckFailedException")
    _put(asked["TableName"], asked["Item"])
    return {}


def transact_write_items(asked: dict[str, Any]) -> Answer:
    """Puts alone, all or none."""
    puts = [one["Put"] for one in asked["TransactItems"]]
    failed = ["None" if _holds(put) else "ConditionalCheckFailed" for put in puts]
    if any(code != "None" for code in failed):
        reasons = [{"Code": code} for code in failed]
        raise Refused("TransactionCanceledException", CancellationReasons=reasons)
    for put in puts:
        _put(put["TableName"], put["Item"])
    return {}


def batch_write_item(asked: dict[str, Any]) -> Answer:
    for table, requests in asked["RequestItems"].items():
        for one in requests:
            _put(table, one["PutRequest"]["Item"])
    return {"UnprocessedItems": {}}


def send_message_batch(asked: dict[str, Any]) -> Answer:
    """Takes every message, and forgets it."""
    taken = [{"Id": one["Id"], "MessageId": one["Id"]} for one in asked["Entries"]]
    return {"Successful": taken}


ANSWERS = {
    "Query": query,
    "GetItem": get_item,
    "PutItem": put_item,
    "TransactWriteItems": transact_write_items,
    "BatchWriteItem": batch_write_item,
    "SendMessageBatch": send_message_batch,
    "GetQueueUrl": lambda asked: {"QueueUrl": f"http://{HOST}/queue"},
    "GetQueueAttributes": lambda asked: {"Attributes": {}},
}


def _page(found: list[Item]) -> Answer:
    return {"Items": found, "Count": len(found), "ScannedCount": len(found)}


def _holds(put: dict[str, Any]) -> bool:
    """The two guards of the models: a version that is still the same, or that there is none."""
    known = items[put["TableName"]].get(_key(put["Item"]), {})
    condition, names = put.get("ConditionExpression", ""), put.get("ExpressionAttributeNames", {})
    if "attribute_not_exists" in condition:
        return not known
    values = put.get("ExpressionAttributeValues", {}).values()
    return all(known.get(name) == value for name, value in zip(names.values(), values, strict=True))


def _put(table: str, item: Item) -> None:
    key = _key(item)
    _take_out(items[table].get(key, {}))
    items[table][key] = item
    if "due_shard" in item:
        insort(due[item["due_shard"]["S"]], _row(item))


def _take_out(item: Item) -> None:
    if "due_shard" in item:
        rows = due[item["due_shard"]["S"]]
        del rows[bisect_left(rows, _row(item))]


def _key(item: Item) -> tuple[str, ...]:
    return tuple(item[name]["S"] for name in KEYS if name in item)


def _row(item: Item) -> tuple[str, str]:
    return item["due_at"]["S"], item["ticket_id"]["S"]


def _keys(shard: str, due_at: str, ticket_id: str) -> Item:
    named = {"ticket_id": ticket_id, "due_shard": shard, "due_at": due_at}
    return {name: {"S": text} for name, text in named.items()}


class Wire(BaseHTTPRequestHandler):
    """The JSON protocol of both services, over connections that stay open."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        operation = self.headers["X-Amz-Target"].rpartition(".")[2]
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        try:
            with one_at_a_time:
                status, answer = 200, ANSWERS[operation](asked)
        except Refused as refusal:
            status, answer = 400, refusal.answer
        self._send(status, json.dumps(answer).encode())

    def _send(self, status: int, body: bytes) -> None:
        head = f"HTTP/1.1 {status} \r\nContent-Type: application/x-amz-json-1.0\r\n"
        self.wfile.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)

    def log_message(self, *told: Any) -> None:
        pass


def main() -> None:
    server = ThreadingHTTPServer((HOST, 0), Wire)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
