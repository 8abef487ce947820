"""What is shown beside a version that is about to be signed. `{% load review %}`."""

from typing import Any

from django import template
from django.urls import reverse

from portal.reader.language import say
from sla.actions.directory import directory
from sla.core import terms as core
from sla.core.backtest import Backtest
from sla.core.warnings import Caution, remedy, warnings
from sla.forms.parts import PARTS
from sla.models import Comment, Version

register = template.Library()
SHOWN = 5


@register.inclusion_tag("sla/_comments_open.html")
def open_comments(version: Version) -> dict[str, Any]:
    """The threads that nobody has settled, the newest first, with their number."""
    threads = Comment.objects.open_on(version).select_related("author")
    found = list(threads.order_by("-written_at"))
    return {"version": version, "threads": found[:SHOWN], "number": len(found)}


@register.inclusion_tag("sla/_backtest_attached.html", takes_context=True)
def attached_backtest(context: template.Context, version: Version) -> dict[str, Any]:
    """The backtest that is kept with a proposal; nothing where there is none."""
    kept = Backtest.from_json(version.backtest) if version.backtest else None
    return {
        "backtest": kept,
        "attached": True,
        "version": version,
        "shell": context.get("shell"),
    }


@register.inclusion_tag("sla/_warning.html", takes_context=True)
def warning(context: template.Context, caution: Caution, version: Version) -> dict[str, Any]:
    """One warning of a version with what would solve it."""
    return explained(caution, version) | {"shell": context.get("shell")}


@register.inclusion_tag("sla/_warnings_explained.html", takes_context=True)
def explained_warnings(context: template.Context, version: Version) -> dict[str, Any]:
    """Every warning of a version in the company of today; of a signed one those that were
    acknowledged, since nothing can be solved in it any more."""
    signed = version.state == Version.State.SIGNED
    if signed and not any(one.acknowledged for one in version.signatures.all()):
        return {"warned": [], "version": version, "shell": context.get("shell")}
    terms = version.parsed if version.digest else core.read(version.terms)
    warned = [explained(caution, version) for caution in warnings(terms, directory(), say)]
    if signed:
        warned = [one for one in warned if one["known"]]
    return {"warned": warned, "version": version, "shell": context.get("shell")}


def explained(caution: Caution, version: Version) -> dict[str, Any]:
    """What the page says of a warning; a link to where it is solved only in a draft."""
    solved = remedy(caution, say)
    address, part = "", PARTS.get(solved.part)
    if version.state == Version.State.DRAFT:
        names = [version.agreement.key, version.number]
        address = reverse("sla:draft-edit", args=names)
        if part is not None:
            address = reverse("sla:draft-part", args=[*names, part.key])
    known = [
        signature
        for signature in version.signatures.all()
        if signature.revision == version.revision and caution.code in signature.acknowledged
    ]
    return {
        "caution": caution,
        "remedy": solved,
        "url": address,
        "part": part.title if part else "",
        "known": known,
    }
