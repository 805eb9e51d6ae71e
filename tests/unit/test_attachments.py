"""Names of files that hide nothing, and types that only their bytes say."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.attachments import (
    LONGEST_NAME,
    STORED_AS,
    clean_name,
    disposition,
    is_attachment_id,
    sniffed,
    told_name,
)

TRICKS = {
    "\u200b.htaccess": "htaccess",
    "\ufeff.\u200dhtaccess": "htaccess",
    "../../etc/passwd": "passwd",
    "..\\..\\windows\\system.ini": "system.ini",
    "a/b\\c.txt": "c.txt",
    "invoice\u202efdp.exe": "invoicefdp.exe",
    "x\u2066y\u2069.pdf": "xy.pdf",
    "tab\tline\r\nnul\x00.txt": "tablinenul.txt",
    "report.pdf. . ": "report.pdf",
    "cafe\u0301.txt": "café.txt",
    "": "file",
    "...": "file",
    "/": "file",
    "\ud800.png": "png",
    "消息 – Überblick.png": "消息 – Überblick.png",
}


@pytest.mark.parametrize("given_name", TRICKS, ids=ascii)
def test_a_name_loses_what_is_not_seen_and_its_folders(given_name: str) -> None:
    assert clean_name(given_name) == TRICKS[given_name]


def test_a_name_of_300_characters_is_shortened_before_its_ending() -> None:
    assert clean_name("a" * 300 + ".png") == "a" * (LONGEST_NAME - 4) + ".png"
    assert clean_name("a" * 300) == "a" * LONGEST_NAME
    assert clean_name("a." + "b" * 300) == "a." + "b" * (LONGEST_NAME - 2)


@given(st.text(max_size=400))
def test_a_clean_name_is_short_one_line_and_clean_already(text: str) -> None:
    name = clean_name(text)
    assert 1 <= len(name) <= LONGEST_NAME
    assert not set(name) & {"/", "\\"}
    assert not name.startswith(".") and name == clean_name(name)
    assert not {unicodedata.category(one) for one in name} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize(
    "told", ["grüße 文.txt", "gr\u00c3\u00bc\u00c3\u009fe \u00e6\u0096\u0087.txt",
             "=?UTF-8?B?Z3LDvMOfZSDmlocudHh0?="],
)  # fmt: skip
def test_the_name_that_a_plain_form_told_is_read_however_it_is_given_back(told: str) -> None:
    assert told_name(told) == "grüße 文.txt"


@pytest.mark.parametrize("told", ["=?nonsense?B?AAAA?=", "=?UTF-8?B?\xff?=", "", "=?UTF-8?B?A?="])
def test_a_told_name_that_cannot_be_read_is_a_name_all_the_same(told: str) -> None:
    assert clean_name(told_name(told)) == told_name(told)


@given(st.text(alphabet=st.characters(max_codepoint=255), max_size=80))
def test_whatever_is_told_as_a_name_becomes_one(told: str) -> None:
    assert told_name(f"=?{told}?=") and told_name(told)


SEEN = {
    b"\x89PNG\r\n\x1a\n....": "image/png",
    b"\xff\xd8\xff\xe0....": "image/jpeg",
    b"GIF89a......": "image/gif",
    b"RIFF\x10\x00\x00\x00WEBPVP8 ": "image/webp",
    b"%PDF-1.7\n": "application/pdf",
    b"<svg xmlns='http://www.w3.org/2000/svg'>": STORED_AS,
    b"<!doctype html>": STORED_AS,
    b" %PDF-1.7": STORED_AS,
    b"RIFF\x10\x00\x00\x00WAVE": STORED_AS,
    b"": STORED_AS,
}


@pytest.mark.parametrize("first", SEEN, ids=repr)
def test_only_the_first_bytes_say_what_a_file_is(first: bytes) -> None:
    assert sniffed(first) == SEEN[first]


def test_the_header_to_save_a_file_under_its_name_holds_no_quotes_and_no_line_ends() -> None:
    told = disposition(clean_name('a"b\r\nSet-Cookie: x=1; é%.txt'))
    assert told == (
        'attachment; filename="a_bSet-Cookie: x=1; __.txt"; '
        "filename*=UTF-8''a%22bSet-Cookie%3A%20x%3D1%3B%20%C3%A9%25.txt"
    )


@given(st.text(max_size=60))
def test_whatever_a_file_is_called_the_header_stays_one_ascii_line(name: str) -> None:
    told = disposition(clean_name(name))
    assert told.isascii() and told.isprintable() and told.startswith("attachment; ")


@pytest.mark.parametrize("text", ["", "F-", "F-../../../x", "F-" + "a" * 23, "HD-0000000"])
def test_what_is_no_id_is_not_looked_up(text: str) -> None:
    assert not is_attachment_id(text)
    assert is_attachment_id("F-" + "a" * 22)
