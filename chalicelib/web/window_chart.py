"""The coming week drawn as SVG: where in it a maintenance window is open."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

WEEK = Markup(
    '<svg class="ahead" width="100%" height="16" role="img" aria-label="{label}">'
    '<rect class="track" width="100%" height="16"/>{spans}{days}</svg>'
)
SPAN = Markup('<rect class="open" x="{x}%" width="{width}%" height="16" rx="3"/>')
DAY = Markup('<line class="tick" x1="{x}%" x2="{x}%" y2="16"/>')
THINNEST = 0.7  # per cent, so that an hour can be seen


def week_ahead(spans: Iterable[tuple[float, float]], label: str) -> Markup:
    """Spans are given as beginning and length in per cent of the week."""
    drawn = [SPAN.format(x=f"{x:.2f}", width=f"{max(width, THINNEST):.2f}") for x, width in spans]
    days = [DAY.format(x=f"{100 * day / 7:.2f}") for day in range(1, 7)]
    return WEEK.format(label=label, spans=Markup("").join(drawn), days=Markup("").join(days))
