"""The real Monit with the script that it starts: problem, repeats, end, again, flapping."""

from pathlib import Path

import pytest

from tests.e2e import programs
from tests.e2e.local_desk import LocalDesk
from tests.e2e.programs import Program
from tests.e2e.waiting import eventually

pytestmark = programs.needs("monit")

CHANGES = 6  # of its state, from which a problem flaps; Monit has no notion of it
SETTINGS = """
set daemon 1
set log {home}/log
set pidfile {home}/pid
set idfile {home}/id
set statefile {home}/state
check program Disk with path "{home}/look-at-disk"
    if status != 0
        then exec "{tell}" repeat every 1 cycles
        else if succeeded then exec "{tell}"
check program Fan with path "{home}/look-at-fan"
    if status > 0
        then exec "{tell} --check noise"
        else if succeeded then exec "{tell} --check noise"
    if status > 1
        then exec "{tell} --check stop"
        else if succeeded then exec "{tell} --check stop"
"""


@pytest.fixture
def monit(desk: LocalDesk, tmp_path: Path) -> Program:
    program = Program(desk, "Monit of db-1", tmp_path)
    program.connect("monit", flap_changes=CHANGES)
    program.look_at("disk")
    program.look_at("fan")
    settings = tmp_path / "monitrc"
    settings.write_text(SETTINGS.format(home=tmp_path, tell=program.tell))
    settings.chmod(0o600)
    return program


def test_what_monit_tells_of_becomes_one_incident_for_each_test(monit: Program) -> None:
    with programs.running(monit.home, ["monit", "-I", "-c", str(monit.home / "monitrc")]):
        monit.make("fan", "2")
        programs.check_life_of_a_problem(monit, "disk", "Disk on ")
        eventually(lambda: fans(monit) == ["firing", "firing"])
        monit.make("fan", "1")
        eventually(lambda: fans(monit) == ["firing", "over"])
        monit.make("disk", "flapping")
        held = monit.incident(programs.is_held_open, "Disk on ")
        monit.make("disk", "0")
        well = monit.incident(lambda one: not one["alerts"]["firing"], "Disk on ")
    assert (well["id"], well["status"]) == (held["id"], "open")
    assert monit.kinds(well).count("alert_flapping") == 1


def fans(monit: Program) -> list[str]:
    found = [one["alerts"] for one in monit.incidents() if one["subject"].startswith("Fan on ")]
    return sorted("firing" if alert["firing"] else "over" for alert in found)
