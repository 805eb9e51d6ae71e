"""The emulator's own process: ministack, which also writes its state when told to by SIGUSR1."""

import signal
from typing import Any

from ministack import app
from ministack.core.persistence import save_all


def _save_soon(*_signal: Any) -> None:
    """On the event loop, where no request is half done."""
    if app._MAIN_LOOP is not None:
        app._MAIN_LOOP.call_soon_threadsafe(_save)


def _save() -> None:
    save_all(app._build_persistence_save_dict())


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, _save_soon)
    app.main()
