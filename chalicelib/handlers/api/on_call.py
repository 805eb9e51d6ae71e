"""On-call: the rotations, their schedules, and who is called at this moment."""

from typing import Any

from chalice import Response

from chalicelib.domain.permissions import Access
from chalicelib.handlers.api import staffing_answers as answers
from chalicelib.handlers.api.collection import Collection, serve
from chalicelib.handlers.api.endpoint import Call, endpoint
from chalicelib.handlers.api.staffing_schemas import RotationIn, ScheduleQuery
from chalicelib.handlers.entry import json_response
from chalicelib.services import desk_settings, on_call_views, settings

TAGS: dict[str, Any] = {"tags": ("staffing",)}
ROTATIONS = Collection(
    path="/on-call",
    one="rotation",
    many="rotations",
    body=RotationIn,
    answer=answers.RotationOut,
    answers=answers.RotationsOut,
    listed=settings.rotations,
    found=desk_settings.rotation,
    put=desk_settings.put_rotation,
    deleted=desk_settings.delete_rotation,
    says=(
        "List the on-call rotations.",
        "Add a rotation.",
        "Read a rotation as it is now.",
        "Change a rotation, its people or its overrides.",
        "Delete a rotation; the pages that it began stay with whom they called.",
    ),
    tag="staffing",
)

serve(ROTATIONS)


@endpoint("GET", "/on-call/{rotation_id}/schedule", Access.DESK, query=ScheduleQuery,
          answers=answers.ScheduleOut, **TAGS)  # fmt: skip
def read_schedule(call: Call, rotation_id: str) -> Response:
    """Read who is called from now on, cut wherever that changes."""
    rotation = desk_settings.rotation(rotation_id)
    spells = on_call_views.schedule(rotation, call.query.days, call.now)
    return json_response({"items": spells, "next": None})


@endpoint("GET", "/on-call-now", Access.DESK, answers=answers.OnCallNowOut, **TAGS)
def read_on_call_now(call: Call) -> Response:
    """Read who is called at this moment by each rotation, and who then."""
    return json_response({"items": on_call_views.now_and_next(call.now), "next": None})
