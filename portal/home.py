"""The first page after signing in: each role lands where its day begins."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from leads.actions.setup.steps import is_begun
from leads.actions.setup.who import sets_up
from portal.accounts.models import Role
from portal.http import PortalRequest


@require_safe
def home(request: PortalRequest) -> HttpResponse:
    """Members to their desk, managers to the week in questions, operations and auditors to
    the scorecard, an administrator to the admin. Who sets the company up is led to what is
    left of that until the first handoff is offered."""
    user = request.user
    if sets_up(user) and not is_begun():
        return redirect("leads:setup")
    if user.department_id is not None and user.role == Role.MANAGER:
        return redirect("leads:review")
    if user.department_id is not None:
        return redirect("leads:desk")
    if user.role in {Role.OPERATIONS, Role.AUDITOR}:
        return redirect("leads:scorecard")
    return redirect("admin:index" if user.is_staff else "sla:agreement-list")
