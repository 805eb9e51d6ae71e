"""Text from outside on pages: what hides or turns text is left out, what scripts need stays."""

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from chalicelib.handlers.api.schemas import NewTicket
from chalicelib.web import forms, rendering
from chalicelib.web.display import shown, without_zero_width
from chalicelib.web.mails import one_line
from chalicelib.web.portal_forms import ReplyForm, RequestForm

CODE = Path(rendering.__file__).parents[1]
LOCAL = CODE.parent / "infra" / "local"
# Where markup is made, of constants or of what nh3 let through.
MAKE_MARKUP = {"charts.py", "display.py", "duty_chart.py", "markdown.py", "qr.py", "rendering.py",
               "sla_words.py", "times.py", "window_chart.py"}  # fmt: skip
TURNING = [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"]
HIDING = [*"\u200b\u200c\u200d\u2060\u2063\ufeff\u00ad\u180e\u3164\U000e0041\ufff9\u206a"]
CONTROLS = ["\x00", "\x07", "\x08", "\x1b", "\x7f", "\x85", "\x9b"]
NEEDED = [
    "می‌خواهم",
    "क्‍ष",
    "ශ්‍රී",
    "👨‍👩‍👧",
    "👩🏽‍⚕️",
    "❤️‍🔥",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "葛\U000e0100城",
    "שלום\u200f!",
    "ភាសា\u200bខ្មែរ",
    "line\n\tnext",
]


def snippet(source: str, **context: object) -> str:
    return rendering.environment().from_string(source).render(context)


@pytest.mark.parametrize("sign", TURNING + HIDING + CONTROLS, ids=lambda sign: f"{ord(sign):x}")
def test_what_hides_or_turns_text_is_not_shown(sign: str) -> None:
    assert shown(f"invoice{sign}gpj.exe") == "invoicegpj.exe"
    assert snippet("<p title='{{ it }}'>{{ it }}</p>", it=f"a{sign}b") == "<p title='ab'>ab</p>"
    assert snippet("{{ it }}", it=Markup("<b>a{}b</b>").format(sign)) == "<b>ab</b>"


@pytest.mark.parametrize("text", NEEDED)
def test_what_scripts_and_pictures_need_stays(text: str) -> None:
    assert shown(text) == text
    assert without_zero_width(text) == text


def test_line_ends_that_no_keyboard_makes_are_spaces_and_half_characters_are_marked() -> None:
    assert shown("a\u2028b\u2029c") == "a b c"
    assert shown("a\ud800b") == "a\ufffdb"


def test_what_is_no_text_is_left_alone() -> None:
    assert shown(None) is None
    assert shown(7) == 7


@given(st.text(alphabet=st.characters()))
def test_nothing_shown_turns_text_and_what_is_visible_is_all_there(text: str) -> None:
    found = shown(text)
    assert not set(found) & set(TURNING)
    assert shown(found) == found
    visible = [
        char for char in text if unicodedata.category(char)[0] in "LNPS" and ord(char) < 0x2E80
    ]
    kept = iter(found)
    assert all(char in kept for char in visible if char not in "\u115f\u1160\u17b4\u17b5")


def form_of(subject: str) -> forms.Submission[RequestForm]:
    typed = {"idempotency_key": "k" * 24, "subject": subject, "stops": "slow",
             "description": "x", "email": "a@example.com"}  # fmt: skip
    return forms.check(typed, RequestForm)


@pytest.mark.parametrize(
    "sign", [*TURNING, "\u2028", "\x00", "\x85"], ids=lambda sign: f"{ord(sign):x}"
)
def test_a_line_with_what_turns_it_is_refused_by_forms_and_by_the_api_alike(sign: str) -> None:
    assert "cannot be shown" in form_of(f"a{sign}b").errors["subject"]
    with pytest.raises(ValueError, match="subject"):
        NewTicket.model_validate_json(api_body(f"a{sign}b"))


def api_body(subject: str) -> bytes:
    from json import dumps

    asked = {"subject": subject, "description": "x", "requester": {"email": "a@example.com"}}
    return dumps(asked).encode()


def test_what_has_no_width_is_dropped_from_what_is_typed_and_kept_in_what_programs_send() -> None:
    asked = form_of("\ufeffThe\u200b print\u00ader ").value
    assert asked is not None
    assert asked.subject == "The printer"
    assert NewTicket.model_validate_json(api_body("The\u200b till")).subject == "The\u200b till"


def test_a_line_of_nothing_that_is_seen_is_empty() -> None:
    assert form_of("\u200b\ufeff").errors["subject"] == "Say in a few words what the problem is."


def test_a_message_may_hold_what_a_chat_puts_around_names_and_does_not_show_it() -> None:
    sent = forms.check({"version": "1", "body": "Ask \u2068Omar\u2069"}, ReplyForm)
    assert sent.value is not None
    assert shown(sent.value.body) == "Ask Omar"


def test_a_mails_subject_is_one_clean_line() -> None:
    assert one_line("[HD-1]\u202e a\r\nBcc: x\u2028y\u200bz") == "[HD-1] a Bcc: x yz"


@pytest.mark.parametrize("path", [*(CODE / "web/templates").rglob("*.*"), *LOCAL.rglob("*.html")],
                         ids=lambda path: path.name)  # fmt: skip
def test_no_template_shows_anything_unescaped(path: Path) -> None:
    source = path.read_text("utf-8")
    assert not re.search(
        r"\|\s*(?:safe|forceescape)\b|autoescape|Markup|\|\s*xmlattr|from_string", source
    )


def test_markup_is_made_in_few_files_only() -> None:
    making = {
        path.name
        for path in CODE.rglob("*.py")
        if re.search(r"\bMarkup\(|__html__|markupsafe|autoescape|from_string|Template\(",
                     path.read_text("utf-8"))
    }  # fmt: skip
    assert making <= MAKE_MARKUP
