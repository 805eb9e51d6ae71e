"""`make run`: the whole desk on one machine, until Ctrl-C."""

import os
import signal
import sys
from contextlib import ExitStack

from infra.local import settings, steps
from infra.local.settings import SetupFailed

OLDEST_PYTHON = (3, 11)
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """Runs until interrupted; answers 1 when something was in the way."""
    for one in ENDINGS:
        if signal.getsignal(one) is not signal.SIG_IGN or one == signal.SIGINT:
            signal.signal(one, signal.default_int_handler)
    try:
        with ExitStack() as closing:
            try:
                _run(closing)
            finally:
                _finish_what_is_begun()
    except SetupFailed as failure:
        steps.fail(str(failure))
        return 1
    except KeyboardInterrupt:
        steps.say("Ended. Everything is kept for the next `make run`.")
    return 0


def _run(closing: ExitStack) -> None:
    chosen = settings.read(os.environ)
    settings.forget_real_cloud()
    runner = _load_runner()(chosen, closing)
    steps.show_addresses(chosen, runner.start())
    runner.stay()


def _load_runner() -> type:
    """Late, since it needs every library."""
    if sys.version_info < OLDEST_PYTHON:
        raise SetupFailed("Tierline needs Python 3.11 or newer.")
    try:
        import ministack  # noqa: F401

        from infra.local.runner import Runner
    except ModuleNotFoundError as missing:
        raise SetupFailed(
            f"The library {missing.name} is not installed. `make run` installs all it needs; "
            "`python -m infra.local` expects that it has."
        ) from missing
    return Runner


def _finish_what_is_begun() -> None:
    """A second Ctrl-C would cut off the writing of the data; it takes a few seconds at most."""
    for one in ENDINGS:
        signal.signal(one, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())
