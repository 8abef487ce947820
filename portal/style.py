"""The style guide: every component in every state, for those who build pages."""

import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from portal.http import PortalRequest
from portal.look import samples, states
from portal.look.context import shell
from portal.look.samples.moment import BERLIN
from portal.look.templatetags.look import SPRITE


def icons() -> list[str]:
    """The names of the sprite, as the `icon` tag takes them."""
    sprite = Path(finders.find(SPRITE) or "").read_text()
    return re.findall(r'id="i-([a-z-]+)"', sprite)


@require_GET
def style(request: PortalRequest) -> HttpResponse:
    """Staff only. Its content and its time are made up, so that two readings look the same."""
    if not settings.STYLE_GUIDE:
        raise Http404
    if not request.user.is_staff:
        raise PermissionDenied
    shell(request)["shell"].at = samples.NOW
    context = {
        **samples.AGREEMENT,
        **samples.DESK,
        **samples.drawings(),
        "icons": icons(),
        "states": states.STATES,
        "verdicts": states.VERDICTS,
    }
    with timezone.override(BERLIN):
        return render(request, "portal/style.html", context)
