"""What people are refused on the page they come back to is a line of the log, too."""

import logging
from typing import Any

from django.contrib.messages import ERROR
from django.contrib.messages.storage.session import SessionStorage

logger = logging.getLogger(__name__)


class Told(SessionStorage):
    """Messages as the session keeps them. One that says no is logged by route and person,
    without its words, which may name somebody."""

    def add(self, level: int, message: Any, extra_tags: str | None = "") -> None:
        if int(level) >= ERROR:
            request = self.request
            route = request.resolver_match.route if request.resolver_match else ""
            who = getattr(request.user, "pk", None) or 0
            said = {"status": 302, "method": request.method, "route": route, "person": who}
            logger.warning("refused", extra=said)
        super().add(level, message, extra_tags)
