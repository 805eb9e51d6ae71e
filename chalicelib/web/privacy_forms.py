"""The forms of what people may ask of the desk about themselves."""

from __future__ import annotations

from chalicelib.web.fields import MailAddress
from chalicelib.web.forms import Form
from chalicelib.web.settings_forms import Tick

FIELDS = {"/email": "address", "/confirm": "confirm"}


class ExportForm(Form):
    address: MailAddress
    notes: Tick = None


class ErasureForm(Form):
    address: MailAddress
    confirm: MailAddress
    also_open: Tick = None
