"""The real Nagios with the contact of its page: problem, repeats, end, again, flapping, a host."""

import getpass
from pathlib import Path

import pytest

from tests.e2e import programs
from tests.e2e.local_desk import LocalDesk
from tests.e2e.programs import INSTALLED_AS, Program, documented

pytestmark = programs.needs("nagios4")

MAIN = """
log_file={home}/log
cfg_file={home}/objects.cfg
object_cache_file={home}/objects.cache
precached_object_file={home}/objects.precache
status_file={home}/status
temp_file={home}/tmp
temp_path={home}
check_result_path={home}/spool
state_retention_file={home}/retention
command_file={home}/cmd
lock_file={home}/pid
query_socket={home}/qh
nagios_user={user}
nagios_group={user}
check_external_commands=0
enable_environment_macros=1
interval_length=1
check_result_reaper_frequency=1
max_host_check_spread=1
max_service_check_spread=1
service_inter_check_delay_method=n
host_inter_check_delay_method=n
cached_host_check_horizon=0
enable_flap_detection=1
"""
OBJECTS = """
define timeperiod {{
    timeperiod_name  24x7
    alias            always
    sunday           00:00-24:00
    monday           00:00-24:00
    tuesday          00:00-24:00
    wednesday        00:00-24:00
    thursday         00:00-24:00
    friday           00:00-24:00
    saturday         00:00-24:00
}}
define command {{
    command_name  look-at
    command_line  {home}/look-at-$ARG1$
}}
define host {{
    host_name                db-1
    address                  192.0.2.7
    max_check_attempts       1
    check_interval           60
    check_period             24x7
    check_command            look-at!db-1
    notification_interval    60
    notification_period      24x7
    contacts                 tierline
    _SITE                    bonn
}}
define host {{
    host_name                db-2
    address                  192.0.2.8
    max_check_attempts       1
    check_interval           1
    check_period             24x7
    check_command            look-at!db-2
    notification_interval    60
    notification_period      24x7
    flap_detection_enabled   0
    contacts                 tierline
}}
define service {{
    host_name                db-1
    service_description      Disk /var
    max_check_attempts       1
    check_interval           1
    retry_interval           1
    check_period             24x7
    check_command            look-at!disk
    notification_interval    1
    notification_period      24x7
    low_flap_threshold       23
    high_flap_threshold      24
    contacts                 tierline
}}
"""


@pytest.fixture
def nagios(desk: LocalDesk, tmp_path: Path) -> Program:
    program = Program(desk, "Nagios of Bonn", tmp_path)
    program.connect("nagios", flap_changes=0)
    for what in ("disk", "db-1", "db-2"):
        program.look_at(what)
    contact = documented("nagios", "define contact").replace(INSTALLED_AS, str(program.tell))
    (tmp_path / "spool").mkdir()
    (tmp_path / "nagios.cfg").write_text(MAIN.format(home=tmp_path, user=getpass.getuser()))
    (tmp_path / "objects.cfg").write_text(contact + OBJECTS.format(home=tmp_path))
    return program


def test_what_nagios_tells_of_becomes_one_incident_for_each_thing(nagios: Program) -> None:
    with programs.running(nagios.home, ["nagios4", str(nagios.home / "nagios.cfg")]):
        nagios.make("db-2", "2")
        programs.check_life_of_a_problem(nagios, "disk", "Disk /var on db-1")
        nagios.make("db-2", "0")
        nagios.incident(lambda one: one["status"] == "resolved", "db-2 is DOWN")
        programs.check_flapping_is_told_by_itself(nagios, "disk", "Disk /var on db-1")
    assert len(nagios.incidents()) == 2
