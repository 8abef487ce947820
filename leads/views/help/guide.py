"""One page of the help: its sections, the words they lean on, and where it is done."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from leads.views.help.guides import BY_KEY, GUIDES, Section
from leads.views.help.terms import EVERY, Term
from portal.http import PortalRequest


@dataclass(frozen=True)
class Shown:
    """A section with its terms of the glossary; `url`: where it is done, or empty."""

    section: Section
    words: Sequence[Term]
    url: str


@require_safe
def show(request: PortalRequest, key: str) -> HttpResponse:
    """404 for a page that there is not."""
    guide = BY_KEY.get(key)
    if guide is None:
        raise Http404
    sections = [_shown(section) for section in guide.sections]
    context = {"guide": guide, "sections": sections, "guides": GUIDES}
    return render(request, "portal/help/guide.html", context)


def _shown(section: Section) -> Shown:
    words = [EVERY[key] for key in section.words]
    return Shown(section, words, reverse(section.view) if section.view else "")
