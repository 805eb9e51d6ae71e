"""What people write to each other, with the little Markdown that they mean.

Emphasis, lists, quotes, code and links; lines and gaps stay as they were typed, and whatever else
looks like markup stays the characters that it is. What is made of it is cleaned once more, by a
list of what may be there. See docs/decisions/0025.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from chalicelib.web.display import shown

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

MOST_BYTES = 256 * 1024
MOST_WORK = 2_000  # signs with a meaning; each opened bracket is looked for to the end
MOST_ON_A_PAGE = 5_000  # of them, beyond which messages are plain
DEEPEST = 200  # cleaning takes the square of it
GROWTH, FRAME = 4, 2_000  # what markup may add: pages must fit into a function's answer
RULES = ("fence", "code", "blockquote", "list", "paragraph", "normalize", "block", "inline", "text",
         "text_join", "backticks", "emphasis", "link", "autolink", "balance_pairs",
         "fragments_join")  # fmt: skip
DEEPER = DEEPEST + 1  # where the parser drops what lies deeper: never on a page
TAGS = frozenset({
    "p", "br", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "a",
})  # fmt: skip
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)[^\s\\]+", re.IGNORECASE)
MARKS = re.compile(
    r"[*_`\[]|<[^\s<>]{1,400}[:@]|^[ \t]*(?:>|(?:[+-]|\d+[.)])[ \t]|~~~)|^(?: {4}|\t)",
    re.MULTILINE,
)
# What the parser has to look at: each sign, each level of each line, and each line.
WORK = re.compile(r"[*_`\[<\n]|(?<![^\s>])(?:>|[+-][ \t]|\d{1,9}[.)][ \t])")
GAPS = re.compile(r"(?<=\n) +|(?<= ) +")
# A line below a quote is no quote, though CommonMark would have it as one.
QUOTE_ENDS = re.compile(r"^([ ]{0,3}>.*\n)(?=(?![ ]{0,3}>)[^\n]*\S)", re.MULTILINE)
PLAIN = Markup('<div class="typed" dir="auto">{}</div>')
RICH = '<div class="typed md" dir="auto">{}</div>'
# Each part finds its own direction of writing, and links open beside the page.
ADDED = {
    **{tag: {"dir": "auto"} for tag in ("p", "ul", "ol", "li", "blockquote")},
    "pre": {"dir": "ltr"},
    "a": {"target": "_blank"},
}


@lru_cache(maxsize=256)
def message(text: str) -> Markup:
    """A message as a part of a page. Whatever is too much or too deep is shown as it was typed."""
    seen = shown(text)
    html = marked_up(seen) if 0 < work(seen) <= MOST_WORK else None
    if html is None or grown(html, seen):
        return PLAIN.format(seen)
    return Markup(RICH.format(html))  # noqa: S704


def work(text: str) -> int:
    """How much there is to do for a message; nothing for one without a sign that means anything."""
    return len(WORK.findall(text)) if MARKS.search(text) else 0


def marked_up(text: str) -> str | None:
    """None for what is too much or too deep."""
    is_long = len(text.encode("utf-8", "replace")) > MOST_BYTES
    tokens = None if is_long else parsed(text)
    if tokens is None or depth(tokens) > DEEPEST:
        return None
    html = rendered(tokens)
    return None if grown(html, text) else cleaned(html)


def grown(html: str, text: str) -> bool:
    """Whether markup makes too much of a text; in ASCII, as functions answer."""
    return len(json.dumps(html)) > GROWTH * len(json.dumps(text)) + FRAME


def parsed(text: str) -> list[Token] | None:
    """None for what the parser itself gives up on."""
    apart = text if "```" in text or "~~~" in text else QUOTE_ENDS.sub(r"\1\n", text)
    try:
        return parser().parse(apart)
    except RecursionError:
        return None


def rendered(tokens: list[Token]) -> str:
    made = parser()
    return str(made.renderer.render(tokens, made.options, {}))


def cleaned(html: str) -> str:
    """Only what stands in the lists above, whoever made it."""
    import nh3

    return nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags={"script", "style"},
        attributes={"a": {"href"}, "ol": {"start"}, "*": set()},
        url_schemes=set(SCHEMES),
        url_relative="deny",
        link_rel="noopener noreferrer nofollow ugc",
        set_tag_attribute_values=ADDED,
        generic_attribute_prefixes=set(),
    )


def depth(tokens: list[Token]) -> int:
    """How deep the deepest part lies."""
    deepest = level = 0
    for token in tokens:
        level += token.nesting
        inside = depth(token.children) if token.children else 0
        deepest = max(deepest, level + inside)
    return deepest


@cache
def parser() -> MarkdownIt:
    """Loaded when the first message needs it: most are plain, and it takes a while."""
    from markdown_it import MarkdownIt

    made = MarkdownIt("zero", {"html": False, "linkify": False, "maxNesting": DEEPER})
    made.enable([name for name in RULES if name not in made.get_active_rules()["core"]])
    made.inline.ruler.at("emphasis", emphasis)
    made.validateLink = is_address  # type: ignore[method-assign]
    made.add_render_rule("text", as_typed)
    return made


def emphasis(state: StateInline, silent: bool) -> bool:
    """As CommonMark has it, but that a single star within a word is a star: 2*3*4, a*.log."""
    from markdown_it.rules_inline.state_inline import Delimiter

    sign = state.src[state.pos]
    if silent or sign not in "*_":
        return False
    found = state.scanDelims(state.pos, sign == "*")
    if found.length == 1:
        found = state.scanDelims(state.pos, False)
    for _ in range(found.length):
        state.push("text", "", 0).content = sign
        place = len(state.tokens) - 1
        mark = Delimiter(ord(sign), found.length, place, -1, found.can_open, found.can_close)
        state.delimiters.append(mark)
    state.pos += found.length
    return True


def is_address(url: str) -> bool:
    """A whole address of a kind that we open; what is none stays text, with its brackets."""
    return ADDRESS.fullmatch(url) is not None


def as_typed(_renderer: Any, tokens: Any, place: int, _options: Any, _env: Any) -> str:
    """Lines and gaps of a text as they are."""
    text = GAPS.sub(lambda gap: "\u00a0" * len(gap[0]), tokens[place].content)
    return str(escape(text)).replace("\n", "<br>")
