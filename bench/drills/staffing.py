"""Kills, doubles, delays and skips while a desk hands out work: `python -m bench.drills.staffing`.

What comes out must be as if nothing had happened: no ticket lost or given twice, nobody beyond
their capacity, and every load as its tickets weigh.
"""

import argparse
import sys

from bench import cloud

SABOTAGE = ("no-room", "loads-apart", "unguarded-writes", "forgetful")


def main() -> int:
    """Print what was injected and what came of it; 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=8, help="what is drawn by chance")
    parser.add_argument(
        "--sabotage", choices=SABOTAGE,
        help="break the workers, to see that the drill finds it: they give tickets without asking "
        "for room, count loads outside the transaction, write without guards, or delete messages "
        "before they work on them",
    )  # fmt: skip
    given = parser.parse_args()
    with cloud.running("drill") as home:
        from bench.drills import staffing_run  # only now, since it reads where the cloud is

        return staffing_run.run(home, given.seed, given.sabotage)


if __name__ == "__main__":
    sys.exit(main())
