"""Signing and declining: what exactly do I sign?"""

from collections.abc import Sequence
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal import auth as totp
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from portal import ledger, wallclock
from portal.accounts.actions import second_factor
from portal.accounts.codes import onetime
from portal.accounts.errors import SignOnRefused
from portal.accounts.passkeys.place import here
from portal.accounts.sso.token import authenticated_at
from portal.accounts.sso.views.ways import company, going
from portal.accounts.templatetags.signing_in import signing_company
from portal.errors import DomainError
from portal.http import PortalRequest, posted
from portal.look.shell import readers
from sla.actions import notices, passkeys, requests, review, signing
from sla.actions.confirming import login
from sla.core.diff import Change
from sla.errors import NotInThisState, SignedTextChanged
from sla.forms.draft import ReasonForm
from sla.forms.sign import CodesForm, CompanyForm, PasskeyForm, SignForm, has_second_factor
from sla.models import Signature, Version
from sla.views.agreements import among, base_among, governing, versions_of
from sla.views.changes import context_of

Others = Sequence[Version]


@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "POST"])
def sign(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """The redline, the warnings, the fingerprint, and the signature under it.

    The form carries the fingerprint that was read; if the stored text is another one by
    then, the answer is 409 with the difference, and nothing was signed. Whoever has no
    second factor turns one on here.
    """
    version, others = _signable(request, key, number)
    if request.method == "GET" and version.state != Version.State.PROPOSED:
        return redirect("sla:version", key=key, number=number)
    forms = _forms(request, version)
    chosen = forms[_chosen(request)]
    status, refusal, changed = 200, "", list[Change]()
    if request.method == "POST" and chosen.is_valid():
        try:
            return _act(request, version, chosen)
        except SignedTextChanged as error:
            status, refusal, changed = 409, str(error), error.changes
        except DomainError as error:
            status, refusal = 409, str(error)
    elif request.method == "POST":
        status = 422
    said = {"refusal": refusal, "changed": changed, "forms": forms}
    return _shown(request, version, others, status, said)


def _shown(
    request: PortalRequest, version: Version, others: Others, status: int, said: dict[str, Any]
) -> HttpResponse:
    context = _page(request, version, others, said["forms"]) | said
    return render(request, "sla/sign.html", context, status=status)


def confirmed(request: PortalRequest, answer: Any) -> HttpResponse:
    """The identity provider sends a signatory back: their signature, or why it is none.

    `answer` is a verified login there, whose state says what was to be signed.
    """
    asked = answer.state
    if request.user.pk != asked["by"]:
        raise SignOnRefused(_("You were signed out meanwhile. Sign in, then confirm again."))
    version, others = _signable(request, asked["key"], asked["number"])
    changed = list[Change]()
    try:
        return _done(request, version, _by_login(request, version, answer))
    except SignedTextChanged as error:
        refusal, changed = str(error), error.changes
    except DomainError as error:
        refusal = str(error)
    said = {"refusal": refusal, "changed": changed, "forms": _forms(request, version)}
    return _shown(request, version, others, 409, said)


@require_POST
def challenge(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """What the script asks the signatory's device to sign, over the text stored now."""
    version, _others = _signable(request, key, number)
    try:
        if version.state != Version.State.PROPOSED:
            raise NotInThisState(_("This version is not waiting for signatures any more."))
        made = passkeys.ask(
            version=version, by=request.user, site=here(request), at=wallclock.now()
        )
    except DomainError as error:
        return JsonResponse({"refusal": str(error)}, status=409)
    return JsonResponse(made)


@require_http_methods(["GET", "POST"])
def decline(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """Say no, with a reason that everybody reads."""
    version, _others = _signable(request, key, number)
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


def _signable(request: PortalRequest, key: str, number: int) -> tuple[Version, Others]:
    """The version and the others of its agreement, for a signatory of either department; for
    anybody else it is not here."""
    if not (request.user.is_signatory and request.user.department_id):
        raise Http404
    versions = list(requests.with_end(versions_of(key)))
    version = among(versions, number)
    return version, [one for one in versions if one.pk != version.pk]


def _chosen(request: PortalRequest) -> str:
    if "codes_on" in request.POST:
        return "codes"
    asked = request.POST.get("do", "")
    return asked if asked in {"passkey", "company"} else "code"


def _forms(request: PortalRequest, version: Version) -> dict[str, Any]:
    """The forms of the page; what was posted binds the one that was chosen."""
    data, chosen = posted(request), _chosen(request)
    bound = {chosen: data}
    cautions = signing.grave_warnings(version)
    initial = {"digest": version.digest}
    forms: dict[str, Any] = {
        "code": SignForm(request, cautions, bound.get("code"), initial=initial),
        "passkey": PasskeyForm(request, bound.get("passkey"), initial=initial),
        "company": CompanyForm(request, bound.get("company"), initial=initial),
    }
    if not has_second_factor(request.user):
        forms["codes"] = CodesForm(request, bound.get("codes"))
    return forms if chosen in forms else forms | {chosen: forms["code"]}


def _act(request: PortalRequest, version: Version, form: Any) -> HttpResponse:
    here_again = redirect("sla:version-sign", key=version.agreement.key, number=version.number)
    if isinstance(form, CodesForm):
        _turn_codes_on(request, form)
        return here_again
    if isinstance(form, CompanyForm):
        return _to_the_company(request, version, form)
    if isinstance(form, PasskeyForm):
        return _done(request, version, _by_passkey(request, version, form))
    return _done(request, version, _by_code(request, version, form))


def _done(request: PortalRequest, version: Version, signature: Signature) -> HttpResponse:
    at = wallclock.now()
    here_again = redirect("sla:version-sign", key=version.agreement.key, number=version.number)
    head = ledger.publish_head(at=at)
    if head is not None:
        notices.tell_head(version_id=version.pk, head=head, at=at)
    messages.info(request, _("Signed. Your signature is in the ledger."))
    signature.version.refresh_from_db()
    if signature.version.state == Version.State.PROPOSED:
        return here_again
    return redirect("sla:version", key=version.agreement.key, number=version.number)


def _by_code(request: PortalRequest, version: Version, form: SignForm) -> Signature:
    at = wallclock.now()
    return signing.sign(
        version_id=version.pk,
        by=request.user,
        at=at,
        digest=form.cleaned_data["digest"],
        authenticated_at=at,
        method=Signature.Method.PASSWORD_TOTP,
        acknowledged=form.acknowledged,
    )


def _by_passkey(request: PortalRequest, version: Version, form: PasskeyForm) -> Signature:
    return signing.sign_by_passkey(
        version_id=version.pk,
        by=request.user,
        at=wallclock.now(),
        digest=form.cleaned_data["digest"],
        answer=passkeys.Answer(form.cleaned_data["answer"], here(request)),
        acknowledged=form.acknowledged,
    )


def _to_the_company(
    request: PortalRequest, version: Version, form: CompanyForm
) -> HttpResponse:
    """On to the identity provider: what is to be confirmed is in the state, and its digest
    is the nonce."""
    if not signing_company():
        raise Http404
    asked = login.ask(version, request.user)
    state = {
        "by": request.user.pk, "key": version.agreement.key, "number": version.number,
        "digest": form.cleaned_data["digest"], "acknowledged": form.acknowledged,
        "challenge": asked,
    }  # fmt: skip
    return going(
        request, company(request), process="login", errand="sla.views.signing.confirmed",
        nonce=login.nonce_of(asked), scope=["openid"], **state,
    )  # fmt: skip


def _by_login(request: PortalRequest, version: Version, answer: Any) -> Signature:
    at, asked = wallclock.now(), answer.state
    return signing.sign_by_login(
        version_id=version.pk,
        by=request.user,
        at=at,
        digest=asked["digest"],
        confirmed=login.Confirmed(
            challenge=asked["challenge"],
            claims=answer.claims,
            token=answer.id_token,
            key=answer.key,
            client_id=answer.provider.app.client_id,
            authenticated_at=authenticated_at(answer.claims, at),
        ),
        acknowledged=asked["acknowledged"],
    )


def _turn_codes_on(request: PortalRequest, form: CodesForm) -> None:
    code = form.cleaned_data["code"].replace(" ", "")
    made = second_factor.turn_on(by=request.user, secret=form.secret, at=wallclock.now())
    onetime.take(made, code)  # now it is used, and signs nothing
    totp.clear_totp_secret(request)
    messages.info(request, _("Your codes are on. Sign with the next one your app shows."))


def _page(
    request: PortalRequest, version: Version, others: Others, forms: dict[str, Any]
) -> dict[str, Any]:
    at, user = wallclock.now(), request.user
    base = base_among(others, version, at)
    enrolled = not isinstance(forms.get("codes"), CodesForm)
    signed = [s for s in version.signatures.all() if s.revision == version.revision]
    return context_of(version, base, at) | {
        "version": version,
        "agreement": version.agreement,
        "base": base,
        "cautions": forms["code"].cautions,
        "administrative": review.administrative_beside(governing(others, at), version),
        "expires_at": getattr(version, "request_ends", None),
        "mine": next((s for s in signed if s.department_id == user.department_id), None),
        "other": next((s for s in signed if s.department_id != user.department_id), None),
        "statement": signing.statement(version, user),
        "needs_passkey": version.parsed.governance.passkey_required,
        "passkeys": user.passkeys.usable(),
        "enrolled": enrolled,
        "demo_code": _demo_code(user.email) if enrolled else "",
        "key_for_app": "" if enrolled else _key_for_app(request),
        "link": request.build_absolute_uri(
            reverse("sla:version-sign", args=[version.agreement.key, version.number])
        ),
    }


def _demo_code(email: str) -> str:
    """On a simulated database the people of the login page have codes that anybody may read."""
    return next((one.code for one in readers.demo_logins() if one.value == email), "")


def _key_for_app(request: PortalRequest) -> dict[str, str]:
    """The secret that an app is to have, as text and as the address in the QR code."""
    secret = str(totp.get_totp_secret())
    return {"secret": secret, "url": get_adapter().build_totp_url(request.user, secret)}
