"""What S3 refuses of a signed form, asked of the emulator: the in-process fake takes anything.

Not proven here: that a forged signature of a form is refused. The emulator does not look at it.
"""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
import urllib3

from chalicelib.adapters import files
from chalicelib.config import config
from chalicelib.domain import attachments as rules
from chalicelib.domain.attachments import STORED_AS
from infra.local import emulator, resources
from infra.local.settings import EMULATED_CLOUD
from tests.integration.uploading import EICAR, send

FIRST_PORT = 45790
KEY = "incoming/F-0000000000000000000000"
FIVE_MINUTES = timedelta(minutes=5)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A stage of its own on the emulator, with the settings that `make run` gives."""
    running = emulator.start_or_adopt(tmp_path_factory.mktemp("files"), FIRST_PORT)
    settings = {**EMULATED_CLOUD, "AWS_ENDPOINT_URL": running.endpoint}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        patch.setattr(boto3, "DEFAULT_SESSION", None)  # it remembers the fake cloud's key
        session = boto3.Session(region_name=resources.REGION)
        made = resources.create("local", session, public_url="http://127.0.0.1:8000")
        for name, value in made.items():
            patch.setenv(name, value)
        _forget()
        yield made
    _forget()
    running.stop()


def _forget() -> None:
    config.reload()  # type: ignore[attr-defined]
    files._s3.cache_clear()


@pytest.fixture
def form(desk: dict[str, str]) -> dict[str, Any]:
    """For one file of five bytes."""
    return files.upload_form(KEY, (5, 5), FIVE_MINUTES)


def test_the_announced_file_is_taken_and_lies_there_as_bytes(form: dict[str, Any]) -> None:
    assert send(form, b"hello").status == 204
    found = files.look(KEY, 3)
    assert (found.size, found.type, found.first, found.name) == (5, STORED_AS, b"hel", None)


CHANGES = {
    "another key": {"key": "kept/F-0000000000000000000000"},
    "another type": {"Content-Type": "text/html"},
    "a tag that says clean": {"tagging": "<Tagging><TagSet></TagSet></Tagging>"},
    "a name": {"x-amz-meta-name": "x"},
    "a way to elsewhere": {"success_action_redirect": "https://evil.example/"},
    "a public file": {"acl": "public-read"},
    "a forged policy": {"policy": "e30="},
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_form_is_refused(form: dict[str, Any], what: str) -> None:
    form["fields"] |= CHANGES[what]
    assert send(form, b"hello").status in (400, 403)


@pytest.mark.parametrize("field", ["key", "Content-Type", "policy", "x-amz-signature"])
def test_a_form_with_a_field_left_out_is_refused(form: dict[str, Any], field: str) -> None:
    del form["fields"][field]
    assert send(form, b"hello").status in (400, 403)


@pytest.mark.parametrize("content", [b"", b"hell", b"hello!"])
def test_a_file_of_another_size_is_refused(form: dict[str, Any], content: bytes) -> None:
    assert send(form, content).status == 400


def test_more_than_25_mb_are_refused_of_a_plain_form_too(desk: dict[str, str]) -> None:
    form = files.upload_form(KEY, (1, rules.MOST_BYTES), FIVE_MINUTES, "http://127.0.0.1:8000/x")
    assert send(form, b"x" * (rules.MOST_BYTES + 1)).status == 400


def test_a_form_is_over_when_its_time_is(desk: dict[str, str]) -> None:
    form = files.upload_form(KEY, (5, 5), timedelta(seconds=1))
    time.sleep(2.1)
    assert send(form, b"hello").status == 403


def test_a_plain_form_leads_back_and_tells_the_name(desk: dict[str, str]) -> None:
    back = "http://127.0.0.1:8000/requests/HD-0000000/files?files=a+b"
    answer = send(files.upload_form(KEY, (1, 100), FIVE_MINUTES, back), b"hello", "grüße 文.txt")
    assert answer.status == 303
    assert answer.headers["Location"].startswith(f"{back}&bucket=")
    assert rules.told_name(files.look(KEY, 3).name or "") == "grüße 文.txt"


def test_a_link_opens_what_was_checked_under_its_name_for_its_time(form: dict[str, Any]) -> None:
    send(form, b"hello")
    files.move(KEY, files.look(KEY, 3).version, "kept/x")
    answers = {"ResponseContentType": STORED_AS,
               "ResponseContentDisposition": rules.disposition("grüße.txt")}  # fmt: skip
    where = files.link("kept/x", rules.OPENS_WITHIN, answers)
    answer = urllib3.request("GET", where)
    assert (answer.status, answer.data) == (200, b"hello")
    assert answer.headers["Content-Type"] == STORED_AS
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert urllib3.request("GET", where.replace("kept/x", "kept/y")).status in (403, 404)
    short = files.link("kept/x", timedelta(seconds=1), answers)
    time.sleep(2.1)
    assert urllib3.request("GET", short).status == 403


def test_the_stub_knows_what_every_scanner_knows(form: dict[str, Any]) -> None:
    send(form, b"hello")
    clean = files.look(KEY, 3).version
    bad = files.upload_form(KEY, (1, 100), FIVE_MINUTES)
    send(bad, EICAR)
    infected = files.look(KEY, 3).version
    assert files.verdict(KEY, clean) == "NO_THREATS_FOUND"
    assert files.verdict(KEY, infected) == "THREATS_FOUND"
    files.erase(KEY)
    with pytest.raises(files.Missing):
        files.look(KEY, 3)
    with pytest.raises(files.Missing):
        files.verdict(KEY, clean)


def test_the_bucket_lets_pages_of_the_desk_send_and_nobody_else(desk: dict[str, str]) -> None:
    rules_there = files._s3().get_bucket_cors(Bucket=desk["ATTACHMENTS_BUCKET"])["CORSRules"]
    assert [(one["AllowedOrigins"], one["AllowedMethods"]) for one in rules_there] == [
        (["http://127.0.0.1:8000"], ["POST"])
    ]
