"""A signed version to take away: the document to read, and the evidence to check."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from portal.http import PortalRequest
from sla.actions.review import administrative
from sla.certificate.bundle import evidence as zipped
from sla.certificate.document import pdf
from sla.models import Version
from sla.views.agreements import find


@require_safe
def document(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """The text with its drawings, and the certificate of both signatures, as PDF."""
    version = _signed(key, number)
    return _file(_pdf(version), "application/pdf", f"{key}-version-{number}.pdf")


@require_safe
def evidence(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """What an auditor checks without the portal, as ZIP."""
    version = _signed(key, number)
    made = zipped(version, _pdf(version))
    return _file(made, "application/zip", f"{key}-version-{number}-evidence.zip")


def _signed(key: str, number: int) -> Version:
    version = find(key, number)
    if version.state != Version.State.SIGNED:
        raise Http404
    return version


def _pdf(version: Version) -> bytes:
    """An amendment is judged by the version that was in force before it was signed."""
    at = version.signed_at
    assert at is not None  # noqa: S101  # the database says so of what is signed
    return pdf(version, administrative=administrative(version, at))


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(data, kind, headers={"Content-Disposition": disposition})
