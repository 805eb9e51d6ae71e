"""An emulator of AWS for one benchmark or drill: its data in a temporary folder, ended with it."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.local import emulator, resources
from infra.local.settings import forget_real_cloud

FIRST_PORT = 4700


@contextmanager
def running(stage: str) -> Iterator[Path]:
    """Start an emulator, create the stage's resources there, and have this process use them.

    Answers its folder. What reads the environment when it is imported comes only after this.
    """
    forget_real_cloud()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))
    with TemporaryDirectory(prefix="tierline-") as name:
        home = Path(name)
        started = emulator.start_or_adopt(home, FIRST_PORT)
        try:
            os.environ["AWS_ENDPOINT_URL"] = started.endpoint
            os.environ.update(resources.create(stage))
            yield home
        finally:
            started.stop()
