"""What every answer tells browsers, by what it carries; the gateway's own answers say it too.

`GatewayResponses` in infra/resources.yaml repeats OF_DATA; a test compares them.
"""

from __future__ import annotations

from chalicelib.web.assets import FOREVER

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "Cross-Origin-Resource-Policy": "same-origin",
    # not no-referrer: with that, browsers say `Origin: null` when they send our own forms
    "Referrer-Policy": "same-origin",
}
NO_DOCUMENT = "default-src 'none'; frame-ancestors 'none'"

# JSON, webhooks and whatever a program reads.
OF_DATA = {
    **ALWAYS,
    "Cache-Control": "no-store",
    "Content-Security-Policy": NO_DOCUMENT,
    "X-Frame-Options": "DENY",
    "Vary": "Authorization",
}
OF_PAGES = {
    **ALWAYS,
    "Cache-Control": "no-store",
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; object-src 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
    "Vary": "Cookie",
}


def with_files(headers: dict[str, str], host: str) -> dict[str, str]:
    """Of a page from which files can be sent: to the bucket's own host, and nowhere else."""
    policy = headers["Content-Security-Policy"]
    for directive in ("connect-src 'self'", "form-action 'self'"):
        policy = policy.replace(directive, f"{directive} {host}")
    return {**headers, "Content-Security-Policy": policy}


# Our own stylesheet, script and pictures, whose names change with what is in them.
OF_ASSETS = {
    **ALWAYS,
    "Cache-Control": FOREVER,
    "Content-Security-Policy": NO_DOCUMENT,
}
