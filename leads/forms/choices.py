"""Choices that are known only when the form is made."""

from collections.abc import Sequence
from typing import Any

from django import forms

Choices = Sequence[tuple[str, Any]]


def choose(form: forms.Form, name: str, choices: Choices) -> None:
    """Give the choice field `name` of a form what can be chosen now."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is no choice")
    field.choices = list(choices)
