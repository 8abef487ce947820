"""Signing and declining: what exactly do I sign?"""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal import wallclock
from portal.errors import DomainError
from portal.http import PortalRequest, posted
from sla.actions import review, signing
from sla.core.diff import Change
from sla.errors import SignedTextChanged
from sla.forms.draft import ReasonForm
from sla.forms.sign import SignForm, has_second_factor
from sla.models import Signature, Version
from sla.views.agreements import base_of, find, redline


@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "POST"])
def sign(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """The redline, the warnings, the fingerprint, and the signature under it.

    The form carries the fingerprint that was read; if the stored text is another one by
    then, the answer is 409 with the difference, and nothing was signed.
    """
    version = _signable(request, key, number)
    if request.method == "GET" and version.state != Version.State.PROPOSED:
        return redirect("sla:version", key=key, number=number)
    cautions = signing.grave_warnings(version)
    data = posted(request)
    form = SignForm(request, cautions, data, initial={"digest": version.digest})
    status, refusal, changed = 200, "", list[Change]()
    if data is not None and form.is_valid():
        try:
            _sign(request, version, form)
        except SignedTextChanged as error:
            status, refusal, changed = 409, str(error), error.changes
        except DomainError as error:
            status, refusal = 409, str(error)
        else:
            messages.info(request, _("Signed. Your signature is in the ledger."))
            return redirect("sla:version", key=key, number=number)
    elif data is not None:
        status = 422
    at = wallclock.now()
    base = base_of(version, at)
    context = {
        "version": version,
        "agreement": version.agreement,
        "base": base,
        "changes": redline(base, version),
        "form": form,
        "cautions": cautions,
        "refusal": refusal,
        "changed": changed,
        "other": _other_signature(version),
        "statement": signing.statement(version, request.user),
        "enrolled": has_second_factor(request.user),
    }
    return render(request, "sla/sign.html", context, status=status)


@require_http_methods(["GET", "POST"])
def decline(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """Say no, with a reason that everybody reads."""
    version = _signable(request, key, number)
    if request.method == "GET" and version.state != Version.State.PROPOSED:
        return redirect("sla:version", key=key, number=number)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        review.decline(
            version_id=version.pk,
            by=request.user,
            at=wallclock.now(),
            reason=form.cleaned_data["reason"],
        )
        return redirect("sla:version", key=key, number=number)
    context = {"version": version, "agreement": version.agreement, "form": form}
    status = 422 if form.errors else 200
    return render(request, "sla/decline.html", context, status=status)


def _signable(request: PortalRequest, key: str, number: int) -> Version:
    """The version, for a signatory of either department; for anybody else it is not here."""
    if not (request.user.is_signatory and request.user.department_id):
        raise Http404
    return find(key, number)


def _sign(request: PortalRequest, version: Version, form: SignForm) -> None:
    at = wallclock.now()
    signing.sign(
        version_id=version.pk,
        by=request.user,
        at=at,
        digest=form.cleaned_data["digest"],
        authenticated_at=at,
        method=Signature.Method.PASSWORD_TOTP,
        acknowledged=form.acknowledged,
    )


def _other_signature(version: Version) -> Signature | None:
    return next((s for s in version.signatures.all() if s.revision == version.revision), None)
