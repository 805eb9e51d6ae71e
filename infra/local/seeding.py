"""Fills a new data directory, once and wholly: what a broken seeding left is swept away."""

import importlib
import json
import shutil
import urllib.request
from pathlib import Path
from typing import Any

from infra.local import files
from infra.local.settings import Settings
from infra.local.steps import say, step

# Beside the emulator, what only makes sense together with its data.
COMPANIONS = ("demo.json", "seeded.json", "mail.jsonl", "clock.json")


def is_done(data_dir: Path, cognito: Any) -> bool:
    """Whether the emulator still has the user pool of a seeding that came to its end."""
    pool = files.read(data_dir / "seeded.json", {}).get("user_pool_id")
    known = {one["Id"] for one in cognito.list_user_pools(MaxResults=60)["UserPools"]}
    return pool in known


def clear(data_dir: Path, endpoint: str) -> None:
    """Empties the emulator of what an unfinished seeding, or a crash, left in it."""
    if (data_dir / "seeded.json").exists():
        say("[yellow]![/] The emulator lost its data, so the desk is seeded again.")
    reset = urllib.request.Request(f"{endpoint}/_ministack/reset", method="POST")  # noqa: S310
    with urllib.request.urlopen(reset, timeout=30):  # noqa: S310
        pass
    shutil.rmtree(data_dir / "pumps", ignore_errors=True)
    for name in COMPANIONS:
        (data_dir / name).unlink(missing_ok=True)


def seed(settings: Settings) -> None:
    """Fills the desk and writes demo.json, which holds the sign-ins."""
    what = "Seeding the demo desk" if settings.seed == "demo" else "Setting up an empty desk"
    with step(what) as progress:
        module = importlib.import_module("infra.seed")
        module.seed(settings.seed, settings.data_dir, settings.base_url, progress)


def read_demo(settings: Settings) -> dict[str, Any]:
    """What demo.json says, its addresses brought to the port of this start."""
    path = settings.data_dir / "demo.json"
    demo: dict[str, Any] = files.read(path, {})
    known = demo.get("base_url", settings.base_url)
    if known != settings.base_url:
        demo = json.loads(json.dumps(demo).replace(f'"{known}', f'"{settings.base_url}'))
        files.write_whole(path, demo)
    return demo


def note_done(data_dir: Path, user_pool_id: str) -> None:
    files.write_whole(data_dir / "seeded.json", {"user_pool_id": user_pool_id})
