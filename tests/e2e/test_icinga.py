"""The real Icinga 2 with the configuration of its page: problem, repeats, end, flapping, a host."""

import getpass
from pathlib import Path

import pytest

from tests.e2e import programs
from tests.e2e.local_desk import LocalDesk
from tests.e2e.programs import INSTALLED_AS, Program, documented

pytestmark = programs.needs("icinga2")

PLACES = ("DataDir", "LogDir", "CacheDir", "SpoolDir", "InitRunDir")
OBJECTS = """
include <itl>
object FileLogger "main" {{ severity = "information", path = "{home}/log" }}
object CheckerComponent "checker" {{ }}
object NotificationComponent "notification" {{ }}
object CheckCommand "look" {{ command = [ "{home}/look-at-$what$" ] }}
template Host "each second" {{
  check_command = "look"
  max_check_attempts = 1
  check_interval = 1s
  retry_interval = 1s
  vars.what = name
}}
object Host "db-1" {{
  import "each second"
  address = "192.0.2.7"
}}
object Host "db-2" {{
  import "each second"
}}
object Service "Disk /var" {{
  host_name = "db-1"
  check_command = "look"
  max_check_attempts = 1
  check_interval = 1s
  retry_interval = 1s
  enable_flapping = true
  flapping_threshold_low = 23
  flapping_threshold_high = 24
  vars.what = "disk"
}}
"""


@pytest.fixture
def icinga(desk: LocalDesk, tmp_path: Path) -> Program:
    program = Program(desk, "Icinga of Bonn", tmp_path)
    program.connect("icinga", flap_changes=0)
    for what in ("disk", "db-1", "db-2"):
        program.look_at(what)
    for place in PLACES:
        (tmp_path / place).mkdir()
    pasted = documented("icinga", "NotificationCommand").replace(INSTALLED_AS, str(program.tell))
    objects = OBJECTS.format(home=tmp_path) + pasted.replace("interval = 30m", "interval = 1s")
    (tmp_path / "icinga2.conf").write_text(objects)
    return program


def command(home: Path) -> list[str]:
    user = getpass.getuser()
    defined = [f"{place}={home / place}" for place in PLACES]
    defined += [f"RunAsUser={user}", f"RunAsGroup={user}"]
    options = [word for one in defined for word in ("-D", one)]
    return ["icinga2", "daemon", *options, "-c", str(home / "icinga2.conf")]


def test_what_icinga_tells_of_becomes_one_incident_for_each_thing(icinga: Program) -> None:
    with programs.running(icinga.home, command(icinga.home)):
        icinga.make("db-2", "2")
        programs.check_life_of_a_problem(icinga, "disk", "Disk /var on db-1")
        icinga.make("db-2", "0")
        icinga.incident(lambda one: one["status"] == "resolved", "db-2 is DOWN")
        programs.check_flapping_is_told_by_itself(icinga, "disk", "Disk /var on db-1")
    assert len(icinga.incidents()) == 2
