"""The deployed desk as the rehearsal meets it: its API, its mails, its logs and dead letters."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from infra.rehearsal import browser
from infra.rehearsal.browser import Answer
from infra.rehearsal.cast import Person
from infra.rehearsal.deployment import Deployment

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Unexpected(Exception):
    """The desk did not do what it should; the message says what was seen instead."""


def expect(holds: object, seen: object) -> None:
    """Raises Unexpected with what was seen."""
    if not holds:
        raise Unexpected(str(seen))


@dataclass(frozen=True)
class Desk:
    """Asks one deployment."""

    deployment: Deployment

    def get(self, path: str, who: Person) -> Any:
        """JSON from the API."""
        answer = self._call("GET", path, who)
        expect(answer.status == 200, f"GET {path}: {answer.status} {answer.text}")
        return answer.json()

    def post(self, path: str, who: Person, body: dict[str, Any], status: int = 201) -> Answer:
        """Create something by the API, or have something done."""
        answer = self._call("POST", path, who, json.dumps(body).encode())
        expect(answer.status == status, f"POST {path}: {answer.status} {answer.text}")
        return answer

    def put(self, path: str, who: Person, body: dict[str, Any]) -> Any:
        """Replace something by the API."""
        answer = self._call("PUT", path, who, json.dumps(body).encode())
        expect(answer.status == 200, f"PUT {path}: {answer.status} {answer.text}")
        return answer.json()

    def delete(self, path: str, who: Person) -> None:
        """Take something away by the API."""
        answer = self._call("DELETE", path, who)
        expect(answer.status == 204, f"DELETE {path}: {answer.status} {answer.text}")

    def answer(self, path: str, who: Person) -> Answer:
        """Whatever the API says to this, a redirect too."""
        return self._call("GET", path, who)

    def ticket(self, ticket_id: str, who: Person) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/tickets/{ticket_id}", who)
        return found

    def tickets(self, query: str, who: Person) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get(f"/tickets?{query}", who)["items"]
        return found

    def kinds(self, ticket_id: str, who: Person) -> list[str]:
        """What happened to a ticket, oldest first, as this person may see it."""
        return [entry["kind"] for entry in self.get(f"/tickets/{ticket_id}/timeline", who)["items"]]

    def page(self, path: str, cookie: str = "") -> Answer:
        """A page, as a browser asks for it."""
        return browser.ask("GET", self.deployment.api_url + path, headers={"Cookie": cookie})

    def submit(self, path: str, fields: dict[str, str]) -> Answer:
        """A form, as a browser without JavaScript sends it; it has to lead to another page."""
        body = urlencode(fields).encode()
        answer = browser.ask("POST", self.deployment.api_url + path, body, FORM)
        expect(answer.status == 303, f"POST {path}: {answer.status} {answer.text}")
        return answer

    def mails(self, ticket_id: str) -> list[dict[str, Any]]:
        """What SES sent about a ticket, oldest first."""
        outbox = browser.ask(
            "GET", f"{self.deployment.emulator.url}/_ministack/ses/messages"
        ).json()
        mails = [mail for account in outbox["messages"].values() for mail in account]
        return [mail for mail in mails if ticket_id in str(mail)]

    def log_lines(self) -> Iterator[str]:
        """`function: line` of everything that the functions wrote."""
        logs = self.deployment.emulator.client("logs")
        for group in logs.describe_log_groups()["logGroups"]:
            name = group["logGroupName"]
            for event in logs.filter_log_events(logGroupName=name)["events"]:
                yield f"{name.rsplit('/', 1)[1]}: {event['message']}"

    def returned_messages(self) -> list[str]:
        """The emulator's word for each message or record that a function gave back as failed."""
        lines = self.deployment.emulator.log.read_text(errors="replace").splitlines()
        return [line for line in lines if "partial failures" in line]

    def dead_letters(self) -> dict[str, int]:
        """How many messages lie in each dead-letter queue."""
        sqs = self.deployment.emulator.client("sqs")
        urls = sqs.list_queues(QueueNamePrefix=self.deployment.name(""))["QueueUrls"]
        return {url.rsplit("/", 1)[1]: _depth(sqs, url) for url in urls if url.endswith("-dead")}

    def _call(self, method: str, path: str, who: Person, body: bytes | None = None) -> Answer:
        headers = {"Authorization": f"Bearer {who.token}", **JSON}
        return browser.ask(method, f"{self.deployment.api_url}/api/v1{path}", body, headers)


def _depth(sqs: Any, url: str) -> int:
    name = "ApproximateNumberOfMessages"
    return int(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name])
