"""The real Nagios, Icinga 2 and Monit with the script that they run: problem, repeat, end, flap."""

import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.calls import API
from tests.e2e.local_desk import ROOT, LocalDesk
from tests.e2e.waiting import eventually

SCRIPT = ROOT / "docs" / "monitoring" / "tierline-notify.py"
CHANGES = 6  # of a state, from which it flaps
WITHIN = 40

NAGIOS = """
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
nagios_user=root
nagios_group=root
check_external_commands=0
enable_environment_macros=1
interval_length=1
enable_notifications=1
execute_service_checks=1
execute_host_checks=1
check_result_reaper_frequency=1
enable_flap_detection=0
"""
OBJECTS = """
define command {{
    command_name  tell
    command_line  {tell}
}}
define command {{
    command_name  look
    command_line  {look}
}}
define command {{
    command_name  ok
    command_line  /bin/true
}}
define timeperiod {{
    timeperiod_name  always
    alias            always
    sunday           00:00-24:00
    monday           00:00-24:00
    tuesday          00:00-24:00
    wednesday        00:00-24:00
    thursday         00:00-24:00
    friday           00:00-24:00
    saturday         00:00-24:00
}}
define contact {{
    contact_name                   tierline
    host_notification_period       always
    service_notification_period    always
    host_notification_options      d,u,r,f,s
    service_notification_options   w,u,c,r,f,s
    host_notification_commands     tell
    service_notification_commands  tell
}}
define host {{
    host_name              db-1
    address                127.0.0.1
    max_check_attempts     1
    check_interval         5
    check_period           always
    check_command          ok
    notification_interval  60
    notification_period    always
    contacts               tierline
}}
define service {{
    host_name              db-1
    service_description    Disk
    max_check_attempts     1
    check_interval         1
    retry_interval         1
    check_period           always
    check_command          look
    notification_interval  2
    notification_period    always
    contacts               tierline
}}
"""
ICINGA = """
include <itl>
object FileLogger "main" {{ severity = "information", path = "{home}/log" }}
object CheckerComponent "checker" {{ }}
object NotificationComponent "notification" {{ }}
object CheckCommand "look" {{ command = [ "{look}" ] }}
object CheckCommand "fine" {{ command = [ "/bin/true" ] }}
object Host "db-1" {{
  address = "127.0.0.1"
  check_command = "fine"
  check_interval = 5s
}}
object Service "Disk" {{
  host_name = "db-1"
  check_command = "look"
  max_check_attempts = 1
  check_interval = 1s
  retry_interval = 1s
}}
object NotificationCommand "tell" {{
  command = [ "{tell}" ]
  env = {{
    ICINGA_NOTIFICATION_TYPE = "$notification.type$"
    ICINGA_HOST_NAME = "$host.name$"
    ICINGA_SERVICE_NAME = "$service.name$"
    ICINGA_STATE = "$service.state$"
    ICINGA_OUTPUT = "$service.output$"
    ICINGA_LAST_STATE_CHANGE = "$service.last_state_change$"
  }}
}}
object User "tierline" {{ }}
apply Notification "tierline" to Service {{
  command = "tell"
  users = [ "tierline" ]
  interval = 2s
  assign where true
}}
"""
MONIT = """
set daemon 1
set log {home}/log
set pidfile {home}/pid
set idfile {home}/id
set statefile {home}/state
check program Disk with path "{look}"
    if status != 0
        then exec "{tell}" repeat every 2 cycles
        else if succeeded then exec "{tell}"
"""


def nagios(home: Path, tell: Path, look: Path) -> list[str]:
    (home / "spool").mkdir()
    (home / "nagios.cfg").write_text(NAGIOS.format(home=home))
    (home / "objects.cfg").write_text(OBJECTS.format(tell=tell, look=look))
    return ["nagios4", str(home / "nagios.cfg")]


def icinga(home: Path, tell: Path, look: Path) -> list[str]:
    (home / "icinga2.conf").write_text(ICINGA.format(home=home, tell=tell, look=look))
    places = ("DataDir", "LogDir", "CacheDir", "SpoolDir", "InitRunDir")
    for one in places:
        (home / one).mkdir()
    defined = [f"{one}={home / one}" for one in places] + ["RunAsUser=root", "RunAsGroup=root"]
    options = [word for one in defined for word in ("-D", one)]
    return ["icinga2", "daemon", *options, "-c", str(home / "icinga2.conf")]


def monit(home: Path, tell: Path, look: Path) -> list[str]:
    path = home / "monitrc"
    path.write_text(MONIT.format(home=home, tell=tell, look=look))
    path.chmod(0o600)
    return ["monit", "-I", "-c", str(path)]


PROGRAMS = {"nagios": (nagios, "nagios4"), "icinga": (icinga, "icinga2"), "monit": (monit, "monit")}


@pytest.mark.parametrize("source", PROGRAMS)
def test_a_problem_is_opened_repeated_ended_and_held_while_it_flaps(
    desk: LocalDesk, tmp_path: Path, source: str
) -> None:
    configure, program = PROGRAMS[source]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    found = connected(desk, source)
    bad, tell = tmp_path / "bad", tmp_path / "tell"
    script(tell, f"exec {sys.executable} {SCRIPT} --config {tmp_path / 'settings'}")
    look = tmp_path / "look"
    script(look, f"[ -e {bad} ] && {{ echo '\"2%\" of <b>a&b</b>'; exit 2; }}; echo well")
    settings = f"TIERLINE_URL={found['address']}\nTIERLINE_SECRET={found['secret']}\n"
    (tmp_path / "settings").write_text(settings)
    with running(configure(tmp_path, tell, look), tmp_path):
        bad.touch()
        opened = wait_for(desk, source, lambda one: one["alerts"]["count"] >= 3)
        assert (opened["status"], opened["channel"]) == ("new", "monitoring")
        bad.unlink()
        ended = wait_for(desk, source, lambda one: one["status"] == "resolved")
        assert ended["id"] == opened["id"]
        flap(desk, source, bad)
    held = wait_for(desk, source, lambda one: one["alerts"].get("flapping"))
    assert (held["id"], held["status"]) == (opened["id"], "open")
    kinds = desk.call("ana").kinds(held["id"])
    assert (kinds.count("opened"), kinds.count("alert_flapping")) == (1, 1)


def flap(desk: LocalDesk, source: str, bad: Path) -> None:
    """Lets it come and go, each time until the desk knows, and in the end it is well."""
    for firing in (True, False) * (CHANGES // 2 - 1):
        bad.touch() if firing else bad.unlink()
        wait_for(desk, source, lambda one, is_so=firing: one["alerts"]["firing"] is is_so)


def connected(desk: LocalDesk, source: str) -> dict[str, Any]:
    wanted = {"id": f"real-{source}", "name": f"Real {source}", "source": source,
              "flap_changes": CHANGES}  # fmt: skip
    answer = desk.call("ada").post(f"{API}/integrations", wanted)
    assert answer.status == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def wait_for(desk: LocalDesk, source: str, is_so: Any) -> dict[str, Any]:
    """The one incident that this program opened, as soon as it is so."""

    def found() -> dict[str, Any] | None:
        rows = desk.call("ana").get(f"{API}/tickets?channel=monitoring&limit=100").json()["items"]
        own = [one for one in rows if one["requester"]["name"] == f"Real {source}"]
        # Who moves from open to finished while a list is read may stand in it twice.
        assert len({one["id"] for one in own}) <= 1
        return next((one for one in own if is_so(one)), None)

    answer: dict[str, Any] = eventually(found, WITHIN)
    return answer


def script(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@contextmanager
def running(command: list[str], home: Path) -> Iterator[None]:
    with (home / "output").open("wb") as output:
        process = subprocess.Popen(command, cwd=home, stdout=output, stderr=output)
    try:
        yield
        assert process.poll() is None, (home / "output").read_text(errors="replace")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
