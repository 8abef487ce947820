"""What the pages of forms that can be left have in common."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal import wallclock
from portal.http import PortalRequest
from portal.unfinished import actions


def keep(request: PortalRequest, form: str, *, back: str) -> HttpResponse | None:
    """Keep what was sent of `form` until it is done.

    The answer, where no more was wanted: it is finished later, from the page named `back`,
    or begun anew. None where the page goes on, and calls `finish` when it is done.
    """
    if request.method != "POST":
        return None
    wanted = request.POST.get("do")
    if wanted == "anew":
        actions.finish(form)
        return redirect(request.path)
    kept = actions.keep(
        form=form, said=request.POST.lists(), by=request.user, at=wallclock.now()
    )
    if wanted != "later":
        return None
    if request.htmx:
        return HttpResponse(status=204)
    if kept:
        messages.info(request, _("Kept as it stands. Go on whenever you like."))
    return redirect(back)
