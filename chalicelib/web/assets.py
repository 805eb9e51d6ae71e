"""Our own stylesheet, script and pictures: hashed names, so browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"
BUNDLES = {
    "app.css": (
        "tokens.css",
        "base.css",
        "portal.css",
        "desk.css",
        "ticket.css",
        "settings.css",
        "settings_staff.css",
        "reports.css",
        "staffing.css",
        "monitoring.css",
        "files.css",
        "fallbacks.css",
    ),
    "app.js": ("app.js",),
    "proof.js": ("proof.js",),
    "upload.js": ("upload.js",),
    "icons.svg": ("icons.svg",),
    "mark.svg": ("mark.svg",),
}
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class Asset:
    name: str
    content_type: str
    body: str


def hashed(bundle: str, body: str) -> str:
    path = Path(bundle)
    return f"{path.stem}-{hashlib.sha256(body.encode()).hexdigest()[:12]}{path.suffix}"


def build(bundle: str) -> Asset:
    body = "\n".join((FOLDER / part).read_text("utf-8") for part in BUNDLES[bundle])
    return Asset(hashed(bundle, body), TYPES[Path(bundle).suffix], body)


@cache
def bundles() -> dict[str, Asset]:
    return {bundle: build(bundle) for bundle in BUNDLES}


def path_of(bundle: str) -> str:
    """The address of a bundle below the deployment's root: `/static/app-0123456789ab.css`."""
    return f"/static/{bundles()[bundle].name}"


def find(name: str) -> Asset | None:
    """The asset of that hashed name; a name of an older release finds nothing."""
    return next((asset for asset in bundles().values() if asset.name == name), None)
