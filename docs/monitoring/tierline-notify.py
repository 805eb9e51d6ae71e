#!/usr/bin/env python3
"""Tells Tierline of what Nagios, Icinga 2 or Monit report: they run it as a notification command.

It needs nothing but Python 3.6. The settings TIERLINE_URL and TIERLINE_SECRET come from the
environment, or from lines `NAME=value` in /etc/tierline-notify.conf; `--config` names another file.
What the tool says comes from the environment. `--check NAME` tells checks of one kind apart.
These tools never try again, so this does, for less than the 30 seconds that Nagios waits.
Exit status: 0 delivered, 1 not delivered, 2 used or set up wrongly.
"""

import argparse
import http.client
import json
import os
import sys
import syslog
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

CONFIG = "/etc/tierline-notify.conf"
SETTINGS = ("TIERLINE_URL", "TIERLINE_SECRET")
PAUSES = (1, 2, 3)  # seconds between the tries
ONE_TRY, ALL_TRIES = 8, 27  # seconds
WORTH_ANOTHER_TRY = (408, 425, 429)  # beside 5xx
LONGEST = 8000  # characters of one value
NAGIOS = (
    "NOTIFICATIONTYPE", "NOTIFICATIONAUTHOR", "NOTIFICATIONCOMMENT",
    "HOSTNAME", "HOSTALIAS", "HOSTADDRESS", "HOSTSTATE", "HOSTOUTPUT", "LONGHOSTOUTPUT",
    "HOSTGROUPNAMES", "HOSTPROBLEMID", "LASTHOSTPROBLEMID", "LASTHOSTSTATECHANGE",
    "HOSTNOTESURL", "HOSTACTIONURL", "_HOSTSITE",
    "SERVICEDESC", "SERVICESTATE", "SERVICEOUTPUT", "LONGSERVICEOUTPUT", "SERVICEGROUPNAMES",
    "SERVICEPROBLEMID", "LASTSERVICEPROBLEMID", "LASTSERVICESTATECHANGE",
    "SERVICENOTESURL", "SERVICEACTIONURL",
)  # fmt: skip


class NotDelivered(Exception):
    """Why a delivery did not arrive, and whether another try may help."""

    def __init__(self, reason, passing):
        super().__init__(reason)
        self.passing = passing


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would become a GET without the body, and the alert would be lost in silence."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        return None


def main():
    arguments = _arguments()
    settings = _settings(arguments.config)
    event = _event(os.environ)
    if not settings["TIERLINE_URL"].startswith(("https://", "http://")):
        return _failed("TIERLINE_URL is missing, or is no web address", 2)
    if not event:
        return _failed("there are no NAGIOS_, ICINGA_ or MONIT_ variables in the environment", 2)
    if arguments.check:
        event["check"] = arguments.check
    event.update(delivery_id=uuid.uuid4().hex, time=round(time.time(), 3))
    try:
        _deliver(settings, json.dumps(event).encode())
    except NotDelivered as error:
        return _failed(str(error), 1)
    return 0


def _arguments():
    parser = argparse.ArgumentParser(description="Tell Tierline of what a monitoring tool reports.")
    parser.add_argument("--config", default=CONFIG, help="a file of settings")
    parser.add_argument("--check", help="a name for one of several checks of the same kind")
    return parser.parse_args()


def _settings(path):
    """The environment comes before the file."""
    found = {}
    try:
        with open(path, encoding="utf-8") as lines:  # noqa: PTH123
            for line in lines:
                name, equals, value = line.partition("=")
                if equals:
                    found[name.strip()] = value.strip()
    except OSError as error:
        if "TIERLINE_URL" not in os.environ:
            _log(f"{path} cannot be read: {error.strerror}")
    return {name: os.environ.get(name, found.get(name, "")) for name in SETTINGS}


def _event(environment):
    """What the tool says, with plain names; of Nagios only what is needed, for it exports all."""
    nagios = {name: environment.get("NAGIOS_" + name, "") for name in NAGIOS}
    others = {
        name.split("_", 1)[1]: value
        for name, value in environment.items()
        if name.startswith(("ICINGA_", "MONIT_"))
    }
    found = nagios if nagios["NOTIFICATIONTYPE"] else others
    return {name: _readable(value) for name, value in found.items() if value.strip()}


def _readable(value):
    """Text that JSON can hold, also where the tool gave bytes that are no UTF-8."""
    return os.fsencode(value).decode("utf-8", "replace")[:LONGEST]


def _deliver(settings, body):
    """Raises NotDelivered after the last try."""
    headers = {"Content-Type": "application/json", "User-Agent": "tierline-notify/1"}
    if settings["TIERLINE_SECRET"]:
        headers["Authorization"] = "Bearer " + settings["TIERLINE_SECRET"]
    request = urllib.request.Request(settings["TIERLINE_URL"], body, headers)  # noqa: S310
    give_up_at = time.monotonic() + ALL_TRIES
    for pause in (*PAUSES, None):
        try:
            _post(request, min(ONE_TRY, give_up_at - time.monotonic()))
            return
        except NotDelivered as error:
            is_last = pause is None or time.monotonic() + pause + 1 > give_up_at
            if is_last or not error.passing:
                raise
            time.sleep(pause)


def _post(request, timeout):
    try:
        urllib.request.build_opener(NoRedirects).open(request, timeout=timeout).close()
    except urllib.error.HTTPError as error:
        passing = error.code >= 500 or error.code in WORTH_ANOTHER_TRY
        raise NotDelivered(f"the desk answered {error.code}", passing) from None
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise NotDelivered(f"the desk was not reached: {reason}", True) from None


def _failed(reason, status):
    _log("not delivered: " + reason)
    return status


def _log(words):
    sys.stderr.write(f"tierline-notify: {words}\n")
    syslog.openlog("tierline-notify")
    syslog.syslog(syslog.LOG_ERR, words)


if __name__ == "__main__":
    sys.exit(main())
