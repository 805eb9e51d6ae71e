"""How files are shown: their size, and what the check of them said."""

from __future__ import annotations

from chalicelib.config import config

# (words, look of the badge)
STATES = {
    "waiting": ("being checked", "ln"),
    "infected": ("blocked: harmful", "bad"),
    "failed": ("blocked: could not be checked", "warn"),
    "unsupported": ("blocked: cannot be checked", "warn"),
    "erased": ("removed", "ln"),
}


def takes_files() -> bool:
    """Whether the desk has something to check files with."""
    return config.file_scanner != "none"


def file_size(count: int) -> str:
    """`12 KB`, `3.4 MB`: as precise as anybody needs."""
    if count < 1024:
        return f"{count} bytes" if count != 1 else "1 byte"
    if count < 1024 * 1024:
        return f"{count / 1024:.0f} KB"
    return f"{count / 1024 / 1024:.1f} MB"


def file_state(state: str) -> tuple[str, str]:
    return STATES.get(state, (state, "ln"))
