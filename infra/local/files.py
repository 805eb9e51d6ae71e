"""Small files of the data directory, replaced as a whole so that a crash leaves no half."""

import json
import os
from pathlib import Path
from typing import Any, TextIO

LARGEST_LOG = 20_000_000


def write_whole(path: Path, content: Any) -> None:
    """Writes JSON under another name first, for its owner only."""
    fresh = path.with_suffix(path.suffix + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
    fresh.replace(path)


def read(path: Path, otherwise: Any) -> Any:
    """What the file says, or `otherwise` where there is none that can be read."""
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return otherwise


def open_log(path: Path) -> TextIO:
    """A log to append to, line by line; a large one is put aside first, and replaced next time."""
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".log.1"))
    return path.open("a", buffering=1, encoding="utf-8")
