"""Alerts as Prometheus Alertmanager posts them, and how soon each POST is answered."""

import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from random import Random
from urllib.parse import urlsplit

IDENTITIES, SERVICES = 137, 12
SENDERS, PATIENCE = 8, 60
TAKEN = 202
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Sent:
    """How one POST was answered, and after how many seconds."""

    status: int
    seconds: float


def storm(singles: int, tens: int, seed: int) -> list[bytes]:
    """Bodies of one alert and of ten in mixed order; no two alerts are worded alike."""
    random, count = Random(seed), singles + 10 * tens
    numbers = [n % IDENTITIES for n in range(count)]
    random.shuffle(numbers)
    alerts = [alert(identity, f"told as number {n}") for n, identity in enumerate(numbers)]
    groups = [[one] for one in alerts[:singles]]
    groups += [alerts[start : start + 10] for start in range(singles, count, 10)]
    random.shuffle(groups)
    return [body(one) for one in groups]


def alert(identity: int, words: str) -> dict[str, object]:
    name, severity = f"Check{identity}", ("critical", "warning", "info")[identity % 3]
    labels = {"alertname": name, "instance": f"host-{identity}", "severity": severity,
              "service": f"service-{identity % SERVICES}"}  # fmt: skip
    return {
        "status": "firing",
        "labels": labels,
        "annotations": {"summary": f"{name} is failing", "description": words},
        "startsAt": "2026-11-23T08:00:00Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus.example/graph",
        "fingerprint": f"{identity:016x}",
    }


def body(alerts: Sequence[dict[str, object]]) -> bytes:
    told = {"version": "4", "status": "firing", "receiver": "tierline", "groupKey": "{}:{}",
            "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {}, "truncatedAlerts": 0,
            "externalURL": "http://alertmanager.example", "alerts": list(alerts)}  # fmt: skip
    return json.dumps(told).encode()


def post_all(
    url: str, bodies: Sequence[bytes], within: float, senders: int = SENDERS
) -> list[Sent]:
    """Spread over so many seconds by several senders, each of which keeps its connection."""
    began, pause = time.monotonic(), within / len(bodies)

    def sender(number: int) -> list[Sent]:
        mine = range(number, len(bodies), senders)
        return list(_post(url, ((began + n * pause, bodies[n]) for n in mine)))

    with ThreadPoolExecutor(senders) as threads:
        return [one for sent in threads.map(sender, range(senders)) for one in sent]


def _post(url: str, timed: Iterator[tuple[float, bytes]]) -> Iterator[Sent]:
    to = urlsplit(url)
    connection = HTTPConnection(to.netloc, timeout=PATIENCE)
    for at, one in timed:
        time.sleep(max(at - time.monotonic(), 0))
        began = time.monotonic()
        connection.request("POST", to.path, one, JSON)
        answer = connection.getresponse()
        answer.read()
        yield Sent(answer.status, time.monotonic() - began)
    connection.close()
