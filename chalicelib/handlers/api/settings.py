"""SLA policies, calendars and branches: what a desk promises, and by which hours."""

from chalice import Response

from chalicelib.domain.permissions import Access
from chalicelib.handlers.api import setting_answers as answers
from chalicelib.handlers.api.collection import Collection, listed, serve
from chalicelib.handlers.api.endpoint import Call, endpoint
from chalicelib.handlers.api.setting_schemas import BranchIn, CalendarIn, Order, PolicyIn
from chalicelib.services import settings, sla_settings

POLICIES = Collection(
    path="/sla-policies",
    one="policy",
    many="policies",
    body=PolicyIn,
    answer=answers.PolicyOut,
    answers=answers.PoliciesOut,
    listed=settings.policies,
    found=sla_settings.policy,
    put=sla_settings.put_policy,
    deleted=sla_settings.delete_policy,
    says=(
        "List the SLA policies in the order in which they are asked; the first match wins.",
        "Add a policy, before the standard one.",
        "Read a policy as it is now.",
        "Store the next version of a policy; open tickets are brought under it.",
        "Delete a policy that was never used; one in use is retired instead.",
    ),
)
CALENDARS = Collection(
    path="/calendars",
    one="calendar",
    many="calendars",
    body=CalendarIn,
    answer=answers.CalendarOut,
    answers=answers.CalendarsOut,
    listed=settings.calendars,
    found=sla_settings.calendar,
    put=sla_settings.put_calendar,
    deleted=sla_settings.delete_calendar,
    says=(
        "List the calendars of business hours.",
        "Add a calendar.",
        "Read a calendar as it is now.",
        "Store the next version of a calendar; what has run stays as it was measured.",
        "Delete a calendar that no policy and no branch uses.",
    ),
)
BRANCHES = Collection(
    path="/branches",
    one="branch",
    many="branches",
    body=BranchIn,
    answer=answers.BranchOut,
    answers=answers.BranchesOut,
    listed=settings.branches,
    found=sla_settings.branch,
    put=sla_settings.put_branch,
    deleted=sla_settings.delete_branch,
    says=(
        "List the branches.",
        "Add a branch.",
        "Read a branch.",
        "Change a branch.",
        "Delete a branch; its tickets are measured as if they named none.",
    ),
)

for kind in (POLICIES, CALENDARS, BRANCHES):
    serve(kind)


@endpoint("PUT", "/sla-policy-order", Access.ADMIN, body=Order, answers=answers.PoliciesOut,
          tags=("settings",))  # fmt: skip
def order_policies(call: Call) -> Response:
    """Say in which order the policies are asked; the standard one stays last."""
    sla_settings.order_policies(call.body.ids, call.actor, call.now)
    return listed(POLICIES, call)
