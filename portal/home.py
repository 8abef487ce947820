"""The first page after signing in: each role lands where its day begins."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from leads.actions.setup.steps import is_begun
from leads.actions.setup.who import asked_to_sign, sets_up
from portal.accounts.models import Role
from portal.http import PortalRequest


@require_safe
def home(request: PortalRequest) -> HttpResponse:
    """Members to their desk, managers to the week in questions, operations and auditors to
    the scorecard, an administrator to the admin. Until the first handoff is offered, who sets
    the company up is led to what is left of that, and who has to sign to the text."""
    user = request.user
    if not is_begun():
        if sets_up(user):
            return redirect("leads:setup")
        if version := asked_to_sign(user):
            return redirect("sla:version-sign", version.agreement.key, version.number)
    if user.department_id is not None and user.role == Role.MANAGER:
        return redirect("leads:review")
    if user.department_id is not None:
        return redirect("leads:desk")
    if user.role in {Role.OPERATIONS, Role.AUDITOR}:
        return redirect("leads:scorecard")
    return redirect("admin:index" if user.is_staff else "sla:agreement-list")
