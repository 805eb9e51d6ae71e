"""What the scanner says settles each file once, however often and late it is asked."""

import pytest

from chalicelib.adapters import files
from chalicelib.config import config
from chalicelib.domain.people import SYSTEM
from chalicelib.services import attachments, scans
from tests import aws
from tests.cast import ANA, ROSA, after
from tests.factories import employ_everyone
from tests.integration.api import Api, a_request
from tests.integration.lambdas import relay
from tests.integration.uploading import EICAR, bucket, held, row, settled, uploaded

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def rosa() -> Api:
    return Api(ROSA)


@pytest.fixture
def guardduty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scanner that says what it found by a tag of the object's version."""
    monkeypatch.setitem(vars(config), "file_scanner", "guardduty")


def asked(api: Api, content: bytes = b"hello") -> dict:
    ticket = api.post("/tickets", a_request(attachments=[uploaded(api, content)])).json
    return ticket["attachments"][0]


def message() -> dict:
    """The one message that the relay tells the files queue."""
    relay()
    (told,) = aws.queued("files")
    return told


def tag(file: dict, value: str) -> None:
    found = row(file)
    tags = {"TagSet": [{"Key": "GuardDutyMalwareScanStatus", "Value": value}]}
    bucket().put_object_tagging(
        Bucket=config.attachments_bucket, Key=found.key, VersionId=found.object_version,
        Tagging=tags,
    )  # fmt: skip


def test_only_what_carries_files_is_told_to_the_files_queue(rosa):
    rosa.post("/tickets", a_request())
    relay()
    assert aws.queued("files") == []


WORDS = {
    "NO_THREATS_FOUND": "clean",
    "THREATS_FOUND": "infected",
    "UNSUPPORTED": "unsupported",
    "ACCESS_DENIED": "failed",
    "FAILED": "failed",
    "no_threats_found": "failed",
    "": "failed",
}


@pytest.mark.parametrize("word", WORDS)
def test_only_one_word_of_the_scanner_opens_a_file(rosa, guardduty, word):
    file = asked(rosa, EICAR if word == "THREATS_FOUND" else b"hello")
    tag(file, word)
    scans.work(message(), after(minutes=1))
    assert row(file).state == WORDS[word]
    assert any(key.startswith("kept/") for key in held(file["id"])) == (word == "NO_THREATS_FOUND")


def test_without_a_verdict_it_is_asked_again_later_and_blocked_at_last(rosa, guardduty):
    file = asked(rosa)
    told = message()
    pauses = 0
    while told:
        assert row(file).state == "waiting"
        scans.work(told, after(minutes=1))
        told = next(iter(aws.queued("files")), None)
        pauses += bool(told)
    assert (row(file).state, pauses) == ("failed", scans.TRIES - 1)


def test_a_verdict_that_comes_late_counts(rosa, guardduty):
    file = asked(rosa)
    scans.work(message(), after(minutes=1))
    tag(file, "NO_THREATS_FOUND")
    (again,) = aws.queued("files")
    assert again["tried"] == 1
    scans.work(again, after(minutes=2))
    assert row(file).state == "clean"


def test_a_message_that_comes_twice_keeps_one_copy(rosa):
    file = asked(rosa)
    told = message()
    scans.work(told, after(minutes=1))
    scans.work(told, after(minutes=1))
    assert [key.partition("/")[0] for key in held(file["id"])].count("kept") == 1


def test_two_workers_at_once_keep_one_copy(rosa, monkeypatch):
    file, told = asked(rosa), message()
    verdict = files.verdict

    def meanwhile(key, version):
        monkeypatch.setattr(files, "verdict", verdict)
        scans.work(told, after(minutes=1))
        return verdict(key, version)

    monkeypatch.setattr(files, "verdict", meanwhile)
    scans.work(told, after(minutes=1))
    assert row(file).state == "clean"
    assert [key.partition("/")[0] for key in held(file["id"])].count("kept") == 1


def test_a_file_that_is_erased_during_its_scan_does_not_come_back(rosa, monkeypatch):
    file, told = asked(rosa), message()
    move = files.move

    def late(key, version, to):
        copied = move(key, version, to)
        attachments.erase(file["id"], SYSTEM, after(minutes=1))
        return copied

    monkeypatch.setattr(files, "move", late)
    scans.work(told, after(minutes=1))
    assert (row(file).state, held(file["id"])) == ("erased", [])


def test_a_file_that_the_bucket_dropped_is_no_longer_waited_for(rosa):
    file = asked(rosa)
    files.erase(row(file).key)
    settled()
    assert row(file).state == "failed"


def test_what_is_kept_holds_nothing_that_was_told_of_the_file(rosa):
    employ_everyone()
    file = asked(Api(ANA))
    settled()
    found = row(file)
    head = bucket().head_object(Bucket=config.attachments_bucket, Key=found.key)
    assert (head["Metadata"], head["ContentType"]) == ({}, "application/octet-stream")
