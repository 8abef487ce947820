"""What a person keeps for themselves alone: tokens for programs that act as they."""

from datetime import datetime, timedelta
from typing import cast

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal import wallclock
from portal.accounts.actions import tokens as actions
from portal.accounts.models import ApiToken, Scope
from portal.accounts.models.token import may_hold, scopes_of
from portal.errors import DomainError
from portal.http import PortalRequest, posted

DAYS = [
    ("7", gettext_lazy("one week")),
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("365", gettext_lazy("a year")),
]


class TokenForm(forms.Form):
    """What the token is for, what it may do, and how long."""

    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "in wide"}),
        help_text=gettext_lazy("Such as: weekly copy of the agreement into the wiki"),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("It may"),
        choices=Scope.choices,
        initial=[Scope.READ],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.ChoiceField(
        label=gettext_lazy("It ends after"),
        choices=DAYS,
        initial="90",
        widget=forms.Select(attrs={"class": "in"}),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: PortalRequest) -> HttpResponse:
    """One's own tokens. A new one is shown in the answer to its form, once; who has a
    password gives it first, and goes on where they were."""
    if not may_hold(request.user):
        raise Http404
    at = wallclock.now()
    form = _form(request)
    made, secret, refusal, status = None, "", "", 200
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = _make(request, form, at)
            form = _form(request, bound=False)
        except DomainError as error:
            refusal, status = str(error), 409
    elif request.method == "POST":
        status = 422
    rows = [(token, token.state(at)) for token in ApiToken.objects.owned_by(request.user)]
    context = {"form": form, "rows": rows, "made": made, "secret": secret, "refusal": refusal}
    return render(request, "portal/tokens.html", context, status=status)


def _form(request: PortalRequest, *, bound: bool = True) -> TokenForm:
    """With what a token of this person may do at most."""
    form = TokenForm(posted(request) if bound else None)
    mine = [(scope.value, scope.label) for scope in Scope if scope in scopes_of(request.user)]
    cast(forms.MultipleChoiceField, form.fields["scopes"]).choices = mine
    return form


@reauthentication_required()  # type: ignore[untyped-decorator]  # allauth has no types
def _make(request: PortalRequest, form: TokenForm, at: datetime) -> tuple[ApiToken, str]:
    """A token acts for months without asking again: who makes one just proved who they are."""
    return actions.make(
        by=request.user,
        name=form.cleaned_data["name"],
        scopes=[Scope(scope) for scope in form.cleaned_data["scopes"]],
        expires_at=at + timedelta(days=int(form.cleaned_data["days"])),
        at=at,
    )


@require_POST
def revoke_token(request: PortalRequest, token_id: int) -> HttpResponse:
    """End one of one's own tokens; others' are not there."""
    token = get_object_or_404(ApiToken.objects.owned_by(request.user), pk=token_id)
    actions.revoke(token_id=token.pk, by=request.user, at=wallclock.now())
    messages.info(request, _("Revoked. Its next call is refused."))
    return redirect("tokens")
