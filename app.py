"""Tierline's Chalice app: registers the blueprints, and nothing else."""

from chalice import Chalice

from chalicelib.handlers.api import api
from chalicelib.handlers.pages import pages
from chalicelib.handlers.schedules import schedules
from chalicelib.handlers.stream import stream
from chalicelib.handlers.workers.alerts import alerts
from chalicelib.handlers.workers.files import files
from chalicelib.handlers.workers.jobs import jobs
from chalicelib.handlers.workers.notifications import notifications
from chalicelib.handlers.workers.staffing import staffing
from chalicelib.handlers.workers.sweep import sweep
from chalicelib.handlers.workers.tiers import tiers
from chalicelib.handlers.workers.verdicts import verdicts

app = Chalice(app_name="helpdesk")

WORKERS = (tiers, staffing, notifications, alerts, sweep, verdicts, jobs, files)

for blueprint in (api, pages, stream, *WORKERS, schedules):
    app.register_blueprint(blueprint)
