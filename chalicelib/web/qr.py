"""A picture that an app on a phone reads, drawn into the page: nobody else is asked for it."""

from markupsafe import Markup


def picture(text: str) -> Markup:
    """An SVG without any style of its own, dark on light whatever the page's colours are."""
    import segno  # only who sets a second factor up needs it

    drawn = segno.make(text, micro=False, error="m")
    return Markup(drawn.svg_inline(border=4, light="#fff", omitsize=True, svgclass="qr"))  # noqa: S704
