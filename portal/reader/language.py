"""In which language a person is spoken to: the one they chose, else the company's.

A page is in the reader's language: chosen in their menu, else what their browser prefers.
What is kept for somebody to read later (messages) is in the language of whom it is for,
whoever caused it. What both departments sign, and what the ledger keeps, is in no language
but its own: the same words for both.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext, ngettext

from portal.accounts.models import User

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ReadersLanguage:
    """Answers in the language that the person chose; without a choice Django has found one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = getattr(request.user, "language", "")
        if chosen:
            # Not undone: Django's own middleware around this one names it in the answer.
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        return self.get_response(request)


class Phrase:
    """A text that is translated when it is read, its values with it.

    Used as `gettext` is: `_("%(who)s asks") % {"who": anna}`. Django's lazy texts become
    plain ones with the `%`, in the language of whoever happens to be at work.
    """

    def __init__(self, text: str, values: Mapping[str, Any] | None = None) -> None:
        self._text, self._values = text, values

    def __mod__(self, values: Mapping[str, Any]) -> "Phrase":
        return Phrase(self._text, values)

    def __str__(self) -> str:
        said = gettext(self._text)
        return said if self._values is None else said % self._values


def of(person: User) -> str:
    return person.language or settings.LANGUAGE_CODE


def spoken_to(person: User) -> AbstractContextManager[None]:
    """What is worded inside is worded for this person."""
    return translation.override(of(person))


def say(one: str, many: str = "", n: int = 1) -> str:
    """A text that the core makes sentences of, in the language of whoever reads."""
    return ngettext(one, many, n) if many else gettext(one)
