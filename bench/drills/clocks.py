"""Doubles, skips and delays ticks by clocks that are wrong: `python -m bench.drills.clocks`.

What comes out must be as if nothing had happened: each step once, and none early.
"""

import argparse
import sys

from bench import cloud

SABOTAGE = ("local-clock", "unguarded")


def main() -> int:
    """Print what was injected and what came of it; 1 if anything was lost, doubled or early."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=8, help="what is drawn by chance")
    parser.add_argument(
        "--sabotage", choices=SABOTAGE,
        help="break the desk, to see that the drill finds it: sweepers that believe their own "
        "clock, or that write without a guard",
    )  # fmt: skip
    given = parser.parse_args()
    with cloud.running("drill") as home:
        from bench.drills import clocks_run  # only now, since it reads where the cloud is

        return clocks_run.run(home, given.seed, given.sabotage)


if __name__ == "__main__":
    sys.exit(main())
