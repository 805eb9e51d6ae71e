"""Charts as SVG made on the server: colours come by class, so no inline style is needed."""

import math

from markupsafe import Markup

TONES = ("ok", "warn", "bad", "off")

RING = Markup(
    '<svg class="ring {tone}" width="{size}" height="{size}" viewBox="0 0 {size} {size}"'
    ' role="img" aria-label="{label}">'
    '<circle class="track" cx="{middle}" cy="{middle}" r="{radius}" fill="none"'
    ' stroke-width="{width}"/>'
    '<circle class="used" cx="{middle}" cy="{middle}" r="{radius}" fill="none"'
    ' stroke-width="{width}" stroke-linecap="round" stroke-dasharray="{drawn} {around}"'
    ' transform="rotate(-90 {middle} {middle})"/></svg>'
)
BAR = Markup(
    '<svg class="bar {tone}" viewBox="0 0 100 6" width="100%" height="6"'
    ' preserveAspectRatio="none" role="img" aria-label="{label}">'
    '<rect class="track" width="100" height="6" rx="3"/>'
    '<rect class="used" width="{drawn}" height="6" rx="3"/></svg>'
)


def share(part: float, whole: float) -> float:
    """How much of the whole is used, held between 0 and 1."""
    return 1.0 if whole <= 0 else min(max(part / whole, 0.0), 1.0)


def ring(used: float, tone: str, label: str, size: int = 64, width: int = 6) -> Markup:
    """A ring filled clockwise from the top; `used` is a share between 0 and 1."""
    radius = size / 2 - width / 2 - 1
    around = 2 * math.pi * radius
    return RING.format(
        tone=known(tone),
        size=size,
        middle=size / 2,
        radius=radius,
        width=width,
        drawn=f"{around * share(used, 1):.1f}",
        around=f"{around:.1f}",
        label=label,
    )


def bar(used: float, tone: str, label: str) -> Markup:
    """A horizontal bar; `used` is a share between 0 and 1."""
    return BAR.format(tone=known(tone), drawn=f"{100 * share(used, 1):.1f}", label=label)


def known(tone: str) -> str:
    if tone not in TONES:
        raise ValueError(f"no such tone: {tone}")
    return tone
