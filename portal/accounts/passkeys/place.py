"""Where the browser says it is; only hosts of ALLOWED_HOSTS get this far."""

from urllib.parse import urlsplit

from django.http import HttpRequest

from portal.accounts.passkeys.ceremony import Site


def here(request: HttpRequest) -> Site:
    origin = f"{request.scheme}://{request.get_host()}"
    return Site(urlsplit(origin).hostname or "", origin)
