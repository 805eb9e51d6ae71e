"""Charts as SVG made on the server: colours come by class, so no inline style is needed."""

import math
from collections.abc import Iterable, Sequence

from markupsafe import Markup

TONES = ("ok", "warn", "bad", "off")
QUARTERS = (360, 720, 1080)  # minutes of the day at which a line helps the eye

RING = Markup(
    '<svg class="ring {tone}" width="{size}" height="{size}" viewBox="0 0 {size} {size}"'
    ' role="img" aria-label="{label}">'
    '<circle class="track" cx="{middle}" cy="{middle}" r="{radius}" fill="none"'
    ' stroke-width="{width}"/>'
    '<circle class="used" cx="{middle}" cy="{middle}" r="{radius}" fill="none"'
    ' stroke-width="{width}" stroke-linecap="{ends}" stroke-dasharray="{drawn} {around}"'
    ' transform="rotate(-90 {middle} {middle})"/>{inside}</svg>'
)
INSIDE = Markup(
    '<text class="inside" x="{middle}" y="{middle}" dy=".35em" text-anchor="middle"'
    ' aria-hidden="true">{text}</text>'
)
BAR = Markup(
    '<svg class="bar {tone}" viewBox="0 0 100 6" width="100%" height="6"'
    ' preserveAspectRatio="none" role="img" aria-label="{label}">'
    '<rect class="track" width="100" height="6"/>'
    '<rect class="used" width="{drawn}" height="6"/></svg>'
)
SPLIT = Markup(
    '<svg class="split" viewBox="0 0 100 10" width="100%" height="10"'
    ' preserveAspectRatio="none" role="img" aria-label="{label}">'
    '<rect class="track" width="100" height="10"/>{pieces}</svg>'
)
PIECE = Markup('<rect class="{tone}" x="{x}" width="{width}" height="10"/>')
DAY = Markup(
    '<svg class="day" viewBox="0 0 1440 16" width="100%" height="16"'
    ' preserveAspectRatio="none" role="img" aria-label="{label}">'
    '<rect class="track" width="1440" height="16"/>{open}{lines}</svg>'
)
OPEN = Markup('<rect class="open" x="{x}" width="{width}" height="16"/>')
LINE = Markup('<line class="tick" x1="{x}" x2="{x}" y2="16" vector-effect="non-scaling-stroke"/>')


def share(part: float, whole: float) -> float:
    """How much of the whole is used, held between 0 and 1."""
    return 1.0 if whole <= 0 else min(max(part / whole, 0.0), 1.0)


def ring(
    used: float, tone: str, label: str, size: int = 64, width: int = 6, text: str = ""
) -> Markup:
    """A ring filled clockwise from the top; `used` is a share between 0 and 1.

    With a text inside, its ends are cut straight, so that the share can be read off.
    """
    radius, middle = size / 2 - width / 2 - 1, size / 2
    around = 2 * math.pi * radius
    return RING.format(
        tone=known(tone),
        size=size,
        middle=middle,
        radius=radius,
        width=width,
        ends="butt" if text else "round",
        drawn=f"{around * share(used, 1):.1f}",
        around=f"{around:.1f}",
        label=label,
        inside=INSIDE.format(middle=middle, text=text) if text else "",
    )


def bar(used: float, tone: str, label: str) -> Markup:
    """A horizontal bar; `used` is a share between 0 and 1."""
    return BAR.format(tone=known(tone), drawn=f"{100 * share(used, 1):.1f}", label=label)


def split(parts: Sequence[tuple[float, str]], label: str) -> Markup:
    """A horizontal bar of pieces, each an amount with a tone; of nothing an empty track."""
    whole = sum(amount for amount, _ in parts)
    pieces, x = Markup(""), 0.0
    for amount, tone in parts if whole else ():
        width = 100 * amount / whole
        pieces += PIECE.format(tone=known(tone), x=f"{x:.2f}", width=f"{width:.2f}")
        x += width
    return SPLIT.format(pieces=pieces, label=label)


def day(hours: Iterable[tuple[int, int]], label: str) -> Markup:
    """A day from midnight to midnight with its open hours, given in minutes."""
    opened = (OPEN.format(x=start, width=end - start) for start, end in hours)
    lines = (LINE.format(x=minute) for minute in QUARTERS)
    return DAY.format(open=Markup("").join(opened), lines=Markup("").join(lines), label=label)


def known(tone: str) -> str:
    if tone not in TONES:
        raise ValueError(f"no such tone: {tone}")
    return tone
