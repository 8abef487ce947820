"""The WSGI application, for granian or any other server."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")

application = get_wsgi_application()

# Views and forms cost seconds to import. Paid here, before a process takes its first request;
# otherwise it is paid by a person, or by a health check that gives up after four seconds.
_ = get_resolver().url_patterns
