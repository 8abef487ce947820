"""Writing: a draft from the text in force, its proposal, and taking it back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal import wallclock
from portal.http import PortalRequest, posted
from sla.actions import drafting, review
from sla.core import terms as core
from sla.core.diff import compare
from sla.forms.draft import ProposeForm, ReasonForm
from sla.models import Agreement, Version
from sla.views.agreements import base_of, find, may_draft, may_withdraw


@require_POST
def new(request: PortalRequest, key: str) -> HttpResponse:
    """Propose a change: a draft that starts as the text in force, or from the template."""
    agreement = get_object_or_404(Agreement, key=key)
    at = wallclock.now()
    current = Version.objects.in_force(agreement.pk, at)
    terms = current.terms if current else core.template("classic")
    version = drafting.draft(agreement_id=agreement.pk, terms=terms, by=request.user, at=at)
    return redirect("sla:draft-edit", key=key, number=version.number)


@require_http_methods(["GET", "POST"])
def propose(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """Freeze the draft and ask both departments."""
    version = find(key, number)
    if not may_draft(request.user):
        raise Http404
    if request.method == "GET" and version.state != Version.State.DRAFT:
        return redirect("sla:version", key=key, number=number)
    form = ProposeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        review.propose(
            version_id=version.pk,
            by=request.user,
            at=wallclock.now(),
            effective_from=form.cleaned_data["effective_from"],
        )
        messages.info(request, _("Both departments were asked to sign."))
        return redirect("sla:version", key=key, number=number)
    base = base_of(version, wallclock.now())
    context = {
        "version": version,
        "agreement": version.agreement,
        "form": form,
        "base": base,
        "changes": compare(base.terms, version.terms) if base else [],
    }
    status = 422 if form.errors else 200
    return render(request, "sla/propose.html", context, status=status)


@require_POST
def revise(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """Open a proposal for editing again; signatures of this revision stop counting."""
    review.revise(version_id=find(key, number).pk, by=request.user, at=wallclock.now())
    return redirect("sla:draft-edit", key=key, number=number)


@require_http_methods(["GET", "POST"])
def withdraw(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """Take it back: whoever wrote or proposed it, and operations; others find nothing."""
    version = find(key, number)
    if not may_withdraw(request.user, version):
        raise Http404
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        review.withdraw(
            version_id=version.pk,
            by=request.user,
            at=wallclock.now(),
            reason=form.cleaned_data["reason"],
        )
        said = _("Version %(number)s is withdrawn. It stays in the history; nobody signs it.")
        messages.info(request, said % {"number": version.number})
        return redirect("sla:agreement", key=key)
    context = {"version": version, "agreement": version.agreement, "form": form}
    status = 422 if form.errors else 200
    return render(request, "sla/withdraw.html", context, status=status)
