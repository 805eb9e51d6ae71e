"""Forms: what is let in, what is refused in plain words, and that typed text is kept."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.web.desk_forms import AssignmentForm, HoldForm, MessageForm, SignInForm
from chalicelib.web.fields import BROKEN
from chalicelib.web.forms import read
from chalicelib.web.portal_forms import RequestForm

GOOD = {
    "idempotency_key": "k" * 24,
    "subject": "The till is frozen",
    "stops": "stopped",
    "description": "Since nine.\r\nNothing works.",
    "email": "rosa@shop.example",
    "name": "",
    "branch": "",
    "fax_number": "",
}


def sent(**changed: str) -> str:
    return urlencode({**GOOD, **changed})


def errors_of(**changed: str) -> dict[str, str]:
    return dict(read(sent(**changed), RequestForm).errors)


def test_a_good_request_is_read_with_plain_line_ends_and_blanks_left_out():
    form = read(sent(), RequestForm).value
    assert form is not None
    assert form.description == "Since nine.\nNothing works."
    assert form.name is None


def test_the_token_of_the_page_is_not_part_of_the_form():
    assert read(sent(csrf="x"), RequestForm).value is not None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"subject": "   "}, "subject"),
        ({"subject": "a" * 201}, "subject"),
        ({"subject": "a" * 10_000}, "subject"),
        ({"subject": "two\nlines"}, "subject"),
        ({"subject": "nul\x00"}, "subject"),
        ({"subject": "escape\x1b[31m"}, "subject"),
        ({"description": ""}, "description"),
        ({"description": "a" * 10_001}, "description"),
        ({"description": "bell\x07"}, "description"),
        ({"stops": "everything"}, "stops"),
        ({"email": "rosa"}, "email"),
        ({"email": "rosa@shop"}, "email"),
        ({"email": "rosa@shop.example\nBcc: all@shop.example"}, "email"),
        ({"email": "a@b.example, c@d.example"}, "email"),
        ({"email": "r" * 250 + "@shop.example"}, "email"),
        ({"name": "n" * 121}, "name"),
        ({"fax_number": "555"}, "fax_number"),
        ({"admin": "yes"}, "form"),
        ({"idempotency_key": "short"}, "form"),
    ],
)
def test_a_wrong_field_is_named_and_the_others_are_not(changed, field):
    assert list(errors_of(**changed)) == [field]


def test_what_was_typed_is_kept_beside_the_errors():
    answer = read(sent(email="rosa"), RequestForm)
    assert answer.typed["subject"] == "The till is frozen"
    assert answer.shown()["typed"]["email"] == "rosa"


def test_a_lone_surrogate_is_an_error_of_its_field_and_can_still_be_shown():
    answer = read("subject=%ED%A0%80&" + sent().replace("subject=", "x="), RequestForm)
    assert "subject" in answer.errors
    answer.typed["subject"].encode()


def test_a_field_sent_twice_is_refused():
    answer = read(sent() + "&subject=again", RequestForm)
    assert answer.errors == {"form": BROKEN}


def test_an_endless_body_is_refused_unread():
    answer = read("subject=" + "a" * 300_000, RequestForm)
    assert (answer.value, answer.typed) == (None, {})


def test_errors_stand_in_the_order_of_the_form():
    assert list(read("", RequestForm).errors) == [
        "subject", "stops", "description", "email", "form",
    ]  # fmt: skip


@given(st.binary(max_size=400))
def test_no_bytes_make_reading_a_form_fail(body):
    for model in (RequestForm, MessageForm, HoldForm, SignInForm):
        for text in read(body, model).typed.values():
            text.encode()


@given(st.dictionaries(st.sampled_from(list(GOOD)), st.text(max_size=60)))
def test_whatever_is_typed_is_taken_clean_or_refused(typed):
    answer = read(sent(**typed).encode("utf-8"), RequestForm) if encodable(typed) else None
    if answer and answer.value:
        assert answer.value.subject == answer.value.subject.strip() != ""
        assert "\x00" not in answer.value.description


def encodable(typed: dict[str, str]) -> bool:
    return not any(0xD800 <= ord(char) < 0xE000 for text in typed.values() for char in text)


def test_waiting_for_a_date_needs_the_date():
    assert list(read("version=3&reason=until", HoldForm).errors) == ["until"]
    assert read("version=3&reason=third_party", HoldForm).value is not None


def test_a_date_that_is_none_is_refused():
    assert "until" in read("version=3&reason=until&until=tomorrow", HoldForm).errors


def test_a_zone_that_the_browser_invents_is_ignored():
    form = read(sent(time_zone="Mars/Olympus"), RequestForm).value
    assert form is not None
    assert form.time_zone is None


def test_a_zone_that_we_know_is_taken():
    form = read(sent(time_zone="Europe/Paris"), RequestForm).value
    assert form is not None
    assert form.time_zone == "Europe/Paris"


@pytest.mark.parametrize("version", ["", "0", "-1", "1.5", "x", "9999999"])
def test_a_form_without_a_true_version_is_refused(version):
    assert read(f"version={version}&assignee=me", AssignmentForm).errors == {"form": BROKEN}


def test_a_password_may_hold_any_character():
    form = read(urlencode({"email": "ana@desk.example", "password": " tab\tñ "}), SignInForm).value
    assert form is not None
    assert form.password == " tab\tñ "
