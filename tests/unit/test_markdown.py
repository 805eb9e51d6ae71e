"""Messages on pages: the little Markdown that people mean, and nothing that a page would obey."""

import re
import subprocess
import sys
import time
from html.parser import HTMLParser

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.web import markdown
from chalicelib.web.markdown import cleaned, message

REL = 'rel="noopener noreferrer nofollow ugc"'
ALLOWED = {
    "div": {"class", "dir"},
    "a": {"href", "rel", "target"},
    "ol": {"start", "dir"},
    **{tag: {"dir"} for tag in ("p", "ul", "li", "blockquote", "pre")},
    **{tag: set() for tag in ("br", "em", "strong", "code")},
}


class Seen(HTMLParser):
    """What a browser would find in a piece of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.text += "\n" if tag == "br" else ""

    def handle_data(self, data: str) -> None:
        self.text += data


def inside(text: str) -> str:
    """Without the frame, and without the marks of direction that each part has."""
    found = re.fullmatch(r'<div class="[^"]+" dir="auto">(.*?)\n?</div>', message(text), re.DOTALL)
    assert found
    return re.sub(r' dir="\w+"', "", found[1])


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("It is **down**.", "<p>It is <strong>down</strong>.</p>"),
        ("It is *very* _slow_.", "<p>It is <em>very</em> <em>slow</em>.</p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("3. three\n4. four", '<ol start="3">\n<li>three</li>\n<li>four</li>\n</ol>'),
        ("> said\n> before", "<blockquote>\n<p>said<br>before</p>\n</blockquote>"),
        ("Run `ls <dir>`", "<p>Run <code>ls &lt;dir&gt;</code></p>"),
        ("```\na  b\n```", "<pre><code>a  b\n</code></pre>"),
        ("これは**重要**です", "<p>これは<strong>重要</strong>です</p>"),
    ],
)
def test_what_people_mean_is_shown(typed: str, shown: str) -> None:
    assert inside(typed) == shown


@pytest.mark.parametrize(
    "typed",
    ["[our page](https://desk.example/a?b=1)", "<https://desk.example/a?b=1>"],
)
def test_a_link_opens_beside_the_page_and_tells_nothing_of_it(typed: str) -> None:
    (link,) = [attributes for tag, attributes in Seen(message(typed)).tags if tag == "a"]
    assert link["href"] == "https://desk.example/a?b=1"
    assert REL in message(typed)
    assert link["target"] == "_blank"


def test_lines_and_gaps_stay_as_they_were_typed() -> None:
    typed = "Traceback of *run*:\n    at foo_bar\n\tname   size"
    assert Seen(inside(typed)).text.replace("\xa0", " ") == typed.replace("*", "")


def test_a_plain_message_is_as_it_was_typed_and_loads_nothing() -> None:
    typed = "Hello,\n  it is down: see https://desk.example/a (since 9.00)\n\n-- \nSol & Ada"
    assert inside(typed) == typed.replace("&", "&amp;")
    program = (
        "import sys; from chalicelib.web import rendering, markdown;"
        f"markdown.message({typed!r});"
        "sys.exit(bool({'markdown_it', 'nh3'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize(
    "typed",
    [
        r"\\files\public and C:\*new*x",
        "2*3*4 and a_file_name and SELECT a*b, c*d",
        "&amp; &lt;b&gt; &#106;",
        "# no heading\nRegards\n---\nSol",
        "[a](javascript:alert(1)) [b](data:text/html,x) [c](vbscript:x)",
        "[d](/sign-out) [e](//evil.example/x) [f](\\\\evil.example) [g](#x)",
        "[f](JaVaScRiPt&colon;alert) [g](java\tscript:x) [h](file:///etc/passwd)",
        "*x* <script>alert(1)</script> <img src=x onerror=alert(1)>",
        "*x* <a href=https://x.y onclick=x>y</a> <!-- c --> <?php ?> <![CDATA[x]]>",
    ],
)
def test_what_only_looks_like_markup_stays_what_was_typed(typed: str) -> None:
    seen = Seen(inside(typed))
    bare = typed.replace("*x*", "x").replace("*new*", "*new*")
    assert seen.text.strip() == bare
    assert {tag for tag, _ in seen.tags} <= {"p", "em", "br"}


def test_pictures_are_links_at_most_so_that_nothing_is_fetched() -> None:
    seen = Seen(message("![pixel](https://evil.example/p.png)"))
    assert {tag for tag, _ in seen.tags} == {"div", "p", "a"}


def test_an_answer_below_a_quote_is_no_part_of_it() -> None:
    assert inside("> Is it on?\nYes.") == (
        "<blockquote>\n<p>Is it on?</p>\n</blockquote>\n<p>Yes.</p>"
    )


def test_each_part_finds_its_own_direction_and_code_has_one() -> None:
    html = message("*שלום*\n\n- one\n\n> two\n\n```\nx\n```")
    parts = {tag: attributes.get("dir") for tag, attributes in Seen(html).tags if tag != "em"}
    assert parts.pop("pre") == "ltr"
    assert parts.pop("code") is None
    assert set(parts.values()) == {"auto"}


def test_what_turns_text_around_is_left_out() -> None:
    assert "\u202e" not in message("*invoice\u202egpj.exe*")
    assert "\u2066" not in message("plain\u2066")


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>", "<img src=x onerror=y>", "<svg/onload=x>", "<style>p{}</style>",
        "<a href='javascript:x'>y</a>", "<p onclick=x style=y class=z id=a title=t lang=en>q</p>",
        "<form action=x><input name=csrf>", "<iframe src=x>", "<math><mtext><style><img>",
        "<base href=//evil.example>", "<meta http-equiv=refresh content=0>", "<a name=x hx-get=y>z",
        "<pre><code class='language-x' data-x=1>", "<video src=x>", "<a href=//evil.example>y",
    ],
)  # fmt: skip
def test_cleaning_lets_through_what_stands_in_its_list_and_nothing_else(html: str) -> None:
    """Also when the parser before it should one day let something slip."""
    for tag, attributes in Seen(cleaned(html)).tags:
        assert set(attributes) <= ALLOWED[tag]
        assert not (attributes.get("href") or "").lower().startswith(("javascript", "//"))


@pytest.mark.parametrize(
    "typed",
    ["*a _b " * 1_600, "[" * 10_000, "> " * 5_000, "- " * 5_000, "*" * 300_000, "`" * 9_999,
     "[a](" * 2_500, "\n" * 250_000 + "*a*", "<a@" * 3_000, "1. a\n" * 2_000],
    ids=lambda typed: repr(typed[:8]),
)  # fmt: skip
def test_what_is_too_much_or_too_deep_is_shown_plain_and_soon(typed: str) -> None:
    began = time.monotonic()
    html = message(typed)
    assert time.monotonic() - began < 2
    assert html.startswith('<div class="typed')


def test_depth_counts_what_lies_within_what() -> None:
    deep = markdown.parser().parse("> - *a **b***")
    assert markdown.depth(deep) == 6


def test_a_text_that_is_deeper_than_cleaning_bears_is_not_cleaned(monkeypatch) -> None:
    monkeypatch.setattr(markdown, "DEEPEST", 3)
    monkeypatch.setattr(nh3, "clean", lambda *_given, **_named: pytest.fail("was cleaned"))
    message.cache_clear()
    assert inside("> - *deep*") == "&gt; - *deep*"


PIECES = st.sampled_from(
    ["*", "**", "_", "`", "```\n", "\n", "\n\n", "> ", "- ", "1. ", "[", "](", ")", "<", ">",
     "<script>", "javascript:", "https://a.b", "data:", '"', "'", "onerror=", "\\", "&lt;",
     "&#x6a;", "\x00", "\u202e", "\ud800", "a", " ", "    ", "<!--", "-->", "]]>", "<svg>",
     "\u2028", "é", "ש"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_text_makes_anything_but_what_is_allowed(typed: str) -> None:
    for tag, attributes in Seen(message(typed)).tags:
        assert set(attributes) <= ALLOWED[tag]
        address = attributes.get("href") or "https://"
        assert re.match(r"(?:https?://|mailto:|tel:)", address)
