"""The journey's part about what is kept safe: a mailed link, a file, the audit of what was done."""

import re
from datetime import UTC, datetime
from typing import Any

import urllib3

from infra.rehearsal import browser
from infra.rehearsal.cast import Cast
from infra.rehearsal.desk import Desk, expect
from infra.rehearsal.monitoring import SOON, until

ANSWER = "Please hold the power button for ten seconds."
FILE = b"E 03: paper jam in tray 2\n"
CLEAN = [{"Key": "GuardDutyMalwareScanStatus", "Value": "NO_THREATS_FOUND"}]
LOOKS_AGAIN = 60.0  # the worker asks the scanner after 15, 30, 60 seconds


class Safekeeping:
    """Each public method is a step; it answers what it saw, or raises Unexpected."""

    def __init__(self, desk: Desk, cast: Cast) -> None:
        self._desk = desk
        self._cast = cast
        self._ticket = ""
        self._heads: set[Any] = set()

    def mailed_link_opens(self) -> str:
        """The link in the mail shows a button, and that opens the request without an account"""
        text = self._desk.mails(self._ticket)[0]["BodyText"]
        link = re.search(r"https?://\S+(/requests/\S+)", text)
        page = self._desk.page(link.group(1) if link else text)
        key = re.search(r'name="key" value="([^"]+)"', page.text)
        fields = {"key": key.group(1) if key else page.text}
        taken = self._desk.submit(f"/requests/{self._ticket}/pass", fields)
        cookie = taken.headers["Set-Cookie"].partition(";")[0]
        page = self._desk.page(f"/requests/{self._ticket}", cookie)
        expect(page.status == 200 and ANSWER in page.text, page.status)
        return f"{taken.status}, then {page.status}"

    def file_opens_once_clean(self) -> str:
        """A file goes to S3 by a signed form, is claimed by a reply, and opens once it is clean"""
        key, upload = self._upload()
        path = f"/tickets/{self._ticket}"
        body = {"body": "The printer printed this.", "attachments": [upload]}
        made = self._desk.post(f"{path}/replies", self._cast.requester, body).json()
        address = f"{path}/attachments/{made['attachments'][0]}"
        expect(self._opens(address) == 409, "it opened before it was looked at")
        self._say_clean(key)
        until(lambda: self._opens(address), lambda status: status == 303, within=SOON + LOOKS_AGAIN)
        where = self._desk.answer(address, self._cast.requester).headers["Location"]
        got = browser.ask("GET", where)
        expect(got.text == FILE.decode(), f"{got.status} {got.text}")
        return f"{got.status}, {got.headers['Content-Disposition']}"

    def sign_in_is_audited(self) -> str:
        """The sign-in stands in the audit; every row is covered by its chain, and the head noted"""
        rows = self._desk.get("/audit?limit=100", self._cast.admin)["items"]
        begun = [row for row in rows if row["action"] == "session.began"]
        expect(begun and begun[0]["about"] == self._cast.agent.id, [row["action"] for row in rows])
        verdict = until(self._verdict, lambda seen: seen.fault is None and seen.rows >= len(rows))
        expect(self._heads, "no head was noted")
        return f"{verdict.links} links, {verdict.rows} rows, {len(self._heads)} heads noted"

    def _upload(self) -> tuple[str, str]:
        """Where a file lies now, and what a message names it by."""
        wanted = {"name": "printer.txt", "size": len(FILE)}
        asked = self._desk.post("/uploads", self._cast.requester, wanted).json()
        fields = [*asked["fields"].items(), ("file", ("printer.txt", FILE, "text/plain"))]
        body, content_type = urllib3.encode_multipart_formdata(fields)
        sent = browser.ask("POST", asked["url"], body, {"Content-Type": content_type})
        expect(sent.status in (200, 204), f"{sent.status} {sent.text}")
        return asked["fields"]["key"], asked["upload"]

    def _say_clean(self, key: str) -> None:
        """In the scanner's place, which the emulator lacks."""
        bucket = self._desk.deployment.environment["ATTACHMENTS_BUCKET"]
        s3 = self._desk.deployment.emulator.client("s3")
        s3.put_object_tagging(Bucket=bucket, Key=key, Tagging={"TagSet": CLEAN})

    def _opens(self, address: str) -> int:
        return self._desk.answer(address, self._cast.requester).status

    def _verdict(self) -> Any:
        """As an operator sees it, who may read the heads that were noted."""
        from chalicelib.services import audit_chain

        self._heads = audit_chain.noted_heads()
        return audit_chain.verify(datetime.now(UTC), self._heads)
