"""Words of the leads' pages. `{% load leads %}`."""

from collections.abc import Mapping

from django import template

from leads.core.words import reasons
from leads.core.words.stages import StageWords
from portal.reader.language import say

register = template.Library()


@register.filter
def words(key: str) -> str:
    """A key of the terms as people read it: `demo_request` is `Demo request`."""
    return key.replace("_", " ").replace("-", " ").capitalize()


@register.filter
def reason(line: str) -> str:
    """Why somebody has a seat, as it was recorded, in the reader's language."""
    return reasons.retold(line, say)


@register.filter
def stage_name(names: Mapping[str, str], key: str) -> str:
    """The name of a stage, or its key where the terms in force do not know it."""
    return names.get(key, key)


@register.simple_tag
def stage_words(words: StageWords, key: str, legacy: bool) -> str:
    """A stage as this reader prefers it, also where it came with an old word for it."""
    return words.spoken(key, legacy)
