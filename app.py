"""Tierline's Chalice app: registers the blueprints, and nothing else."""

from chalice import Chalice

from chalicelib.handlers.api import api
from chalicelib.handlers.pages import pages
from chalicelib.handlers.schedules import schedules
from chalicelib.handlers.stream import stream
from chalicelib.handlers.workers.alerts import alerts
from chalicelib.handlers.workers.notifications import notifications
from chalicelib.handlers.workers.tiers import tiers

app = Chalice(app_name="helpdesk")

for blueprint in (api, pages, stream, tiers, notifications, alerts, schedules):
    app.register_blueprint(blueprint)
