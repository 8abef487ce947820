"""The editor of a draft: an overview of its parts, and a page of forms for each part."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal import wallclock
from portal.errors import DomainError
from portal.http import PortalRequest
from portal.reader.language import say
from sla.actions import drafting
from sla.actions.directory import directory
from sla.core import terms as core
from sla.core.diff import Change, compare
from sla.core.warnings import Directory, warnings
from sla.errors import DraftChanged, TermsInvalid
from sla.forms.around import Around
from sla.forms.editor import PartForm
from sla.forms.parts import PARTS, changed_parts
from sla.forms.tree import Posted
from sla.models import Version, VersionSave
from sla.views.agreements import base_of, find, may_draft
from sla.views.counting import counted

SAVE = "save"


@require_safe
def overview(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """What would change? The parts of a draft, its redline, its warnings and its saves."""
    version = _draft(request, key, number)
    if version.state != Version.State.DRAFT:
        return redirect("sla:version", key=key, number=number)
    base = base_of(version, wallclock.now())
    saves = list(version.saves.select_related("author")[:8])
    context = _frame(version, base, saves) | {
        "part_rows": changed_parts(base.terms if base else None, version.terms),
        "saves": saves,
        **_effect(version.terms, base, directory()),
    }
    return render(request, "sla/edit.html", context)


@require_http_methods(["GET", "POST"])
def part(request: PortalRequest, key: str, number: int, part: str) -> HttpResponse:
    """One part of a draft by forms. Buttons change rows; saving saves the whole terms."""
    version = _draft(request, key, number)
    if part not in PARTS:
        raise Http404
    if version.state != Version.State.DRAFT:
        return redirect("sla:version", key=key, number=number)
    base = base_of(version, wallclock.now())
    if request.method == "GET":
        return _page(request, version, base, PartForm(PARTS[part], _around(version, base, 0)))
    seen = _seen(request)
    form = PartForm(PARTS[part], _around(version, base, seen), Posted(request.POST))
    verb, _, path = request.POST.get("do", "").partition(":")
    if verb and verb != SAVE:
        return _acted(request, version, base, form, verb, path)
    return _saved(request, version, base, form, seen)


def _draft(request: PortalRequest, key: str, number: int) -> Version:
    version = find(key, number)
    if not may_draft(request.user):
        raise Http404
    return version


def _around(version: Version, base: Version | None, seen: int) -> Around:
    """What the person read: the save of that number, else the draft as it stands."""
    read = version.saves.filter(number=seen).first() if seen else None
    return Around(
        terms=read.terms if read else version.terms,
        base=base.terms if base else None,
        company=directory(),
    )


def _acted(
    request: PortalRequest,
    version: Version,
    base: Version | None,
    form: PartForm,
    verb: str,
    path: str,
) -> HttpResponse:
    """Rows were added, removed or moved. Nothing is saved yet."""
    try:
        form.do(verb, path)
    except KeyError as error:
        raise Http404 from error
    return _page(request, version, base, form, {"unsaved": True})


def _saved(
    request: PortalRequest, version: Version, base: Version | None, form: PartForm, seen: int
) -> HttpResponse:
    """Save what was entered; say what does not fit, or what somebody else changed."""
    by_itself = bool(request.htmx) and "do" not in request.POST
    if not form.is_valid():
        return _refused(request, version, base, form, by_itself)
    try:
        version = drafting.save(
            version_id=version.pk,
            terms=form.result(),
            by=request.user,
            at=wallclock.now(),
            seen_save=seen,
        )
    except TermsInvalid as error:
        form.place(error.faults)
        return _refused(request, version, base, form, by_itself)
    except DraftChanged as error:
        said = {"refusal": str(error), "theirs": error.changes}
        return _page(request, version, base, form, said, status=409)
    except DomainError as error:
        return _page(request, version, base, form, {"refusal": str(error)}, status=409)
    merged: list[Change] = getattr(version, "merged", [])
    if not request.htmx and not merged:
        return redirect(request.path)
    if by_itself and not merged and not form.renames():
        return _fragment(request, version, base, form)
    fresh = PartForm(form.part, _around(version, base, 0))
    fresh.unfold_like(form)
    return _page(request, version, base, fresh, {"merged": merged})


def _refused(
    request: PortalRequest,
    version: Version,
    base: Version | None,
    form: PartForm,
    by_itself: bool,
) -> HttpResponse:
    if by_itself:  # half a form that saves itself is no error: it says what is missing
        return _fragment(request, version, base, form)
    return _page(request, version, base, form, {"unsaved": True}, status=422)


def _page(
    request: PortalRequest,
    version: Version,
    base: Version | None,
    form: PartForm,
    said: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a part, or for htmx the form with what stands beside it."""
    _count(request, form)
    if request.htmx:  # what is swapped in is focused by the script
        form.page.focusing = "data-focused"
    template = "sla/editor/_part.html" if request.htmx else "sla/editor/part.html"
    context = _context(request, version, base, form) | {"nodes": form.nodes(), **(said or {})}
    return render(request, template, context, status=status)


def _fragment(
    request: PortalRequest,
    version: Version,
    base: Version | None,
    form: PartForm,
) -> HttpResponse:
    """What stands beside the form, which stays as it is while somebody types in it."""
    form.draw()
    _count(request, form)
    context = _context(request, version, base, form) | {"by_itself": True}
    response = render(request, "sla/editor/_beside.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = "#beside", "outerHTML"
    return response


def _count(request: PortalRequest, form: PartForm) -> None:
    """The live count is of leads: who may not read those sees the form without it."""
    if form.part.key == "journey" and request.user.reads_leads:
        counted(form, wallclock.now())


def _context(
    request: PortalRequest, version: Version, base: Version | None, form: PartForm
) -> dict[str, Any]:
    entered = form.candidate if form.sent else None
    saves = version.saves.select_related("author")[:1]
    return (
        _frame(version, base, saves)
        | {"form": form, "part": form.part, "drawn": form.page}
        | _effect(entered or version.terms, base, form.around.company)
    )


def _frame(
    version: Version, base: Version | None, saves: Iterable[VersionSave]
) -> dict[str, Any]:
    """What stands around every page of the editor; the newest of `saves` comes first."""
    return {
        "version": version,
        "agreement": version.agreement,
        "base": base,
        "latest": next(iter(saves), None),
        "parts": PARTS.values(),
    }


def _effect(terms: dict[str, Any], base: Version | None, company: Directory) -> dict[str, Any]:
    """What these terms change and what they warn of."""
    return {
        "changes": compare(base.terms, terms) if base else [],
        "warnings": warnings(core.read(terms), company, say),
    }


def _seen(request: PortalRequest) -> int:
    given = request.POST.get("seen_save", "")
    return int(given[:9]) if given.isascii() and given.isdecimal() else 0
