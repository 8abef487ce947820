"""What an auditor takes away: the seal with its rows, the ledger, the heads, and the two
programs that check them without this portal."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from leads.models import Seal
from leads.reports.seals.restating import evidence_text
from leads.views.reports.choosing import require_reader
from portal.http import PortalRequest
from portal.ledger import chain, verify_chain
from portal.ledger.models import Head, LedgerEntry

CHAIN = Path(verify_chain.__file__)
FIGURES = settings.ROOT / "tools" / "verify_figures.py"


@require_safe
def seal(request: PortalRequest, seal_id: int) -> HttpResponse:
    """The document whose digest stands in the ledger, and the rows that it was counted from."""
    require_reader(request)
    one = get_object_or_404(Seal, pk=seal_id)
    body = f'{{"rows":{evidence_text(one)},"seal":{one.document}}}\n'
    return _whole(body, f"seal-{one.first}.json", "application/json")


@require_safe
def ledger(request: PortalRequest) -> HttpResponseBase:
    """The whole chain, as `manage.py export_ledger` writes it."""
    require_reader(request)
    lines = (f"{chain.exported(link)}\n".encode() for link in LedgerEntry.objects.links())
    return _streamed(lines, "ledger.jsonl")


@require_safe
def heads(request: PortalRequest) -> HttpResponseBase:
    """The heads that this portal remembers: weaker than those that somebody else kept."""
    require_reader(request)
    rows = Head.objects.order_by("seq", "pk").iterator()
    lines = (
        chain.canonical({"at": one.at, "count": one.count, "hash": one.hash, "seq": one.seq})
        for one in rows
    )
    return _streamed((f"{line}\n".encode() for line in lines), "heads.jsonl")


@require_safe
def program(request: PortalRequest, name: str) -> HttpResponse:
    """One of the two programs, as it stands in this release."""
    require_reader(request)
    path = {"verify_chain": CHAIN, "verify_figures": FIGURES}.get(name)
    if path is None:
        raise Http404
    text = path.read_text()
    return _whole(text, f"{name}.py", "text/plain; charset=utf-8")


def _whole(body: str, name: str, kind: str) -> HttpResponse:
    return HttpResponse(body, kind, headers=_kept(name))


def _streamed(lines: Iterator[bytes], name: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        lines, content_type="application/jsonl; charset=utf-8", headers=_kept(name)
    )


def _kept(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
    }
