"""Simulates a day of 100,000 tickets by each strategy: `python -m bench.assignment`."""

import argparse
import sys
from time import process_time

from rich.console import Console

from bench import assignment_day, assignment_report, assignment_simulation, assignment_speed
from bench.assignment_day import Day, Plan
from bench.assignment_report import Figures
from bench.assignment_simulation import Way

console = Console()


def main() -> int:
    """Print the tables, write the results of the day as planned; there is no goal to miss."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=Plan.seed, help="draws another day")
    parser.add_argument("--tickets", type=int, default=Plan.tickets)
    parser.add_argument("--agents", type=int, default=Plan.agents)
    asked = parser.parse_args()
    plan = Plan(asked.tickets, asked.agents, seed=asked.seed)
    with console.status(f"Drawing a day of {plan.tickets:,} tickets"):
        day = assignment_day.make(plan)
    rows = [_lived(way, day, plan) for way in Way]
    with console.status("Choosing"):
        choices = assignment_speed.measure(plan.seed)
    console.print(_described(plan, day), highlight=False)
    for table in (
        assignment_report.waiting(rows),
        assignment_report.priorities(rows),
        assignment_report.loads(rows),
        assignment_report.ratios(rows),
        assignment_report.speeds(choices),
    ):
        console.print(table)
    if plan == Plan():
        assignment_report.write(plan, day, rows, choices)
    return 0


def _lived(way: Way, day: Day, plan: Plan) -> Figures:
    with console.status(way.value) as status:
        began = process_time()
        outcome = assignment_simulation.run(
            day, way, plan.seed, lambda share: status.update(f"{way.value}: {share:.0%} of the day")
        )
        return assignment_report.figures(way, day, outcome, process_time() - began)


def _described(plan: Plan, day: Day) -> str:
    busiest = max(range(24), key=day.hourly.__getitem__)
    mean = sum(day.hourly) / len(day.hourly)
    return (
        f"{plan.tickets:,} tickets, {plan.agents} agents, seed {plan.seed}. Utilisation"
        f" {mean:.0%} on average, {day.hourly[busiest]:.0%} in the busiest hour ({busiest:02}:00"
        f" UTC); a ticket takes {day.mean_minutes:.1f} minutes on average."
    )


if __name__ == "__main__":
    sys.exit(main())
