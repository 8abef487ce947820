"""What stands in a form that nobody has sent off."""

from typing import Any

from django.conf import settings
from django.db import models
from django.http import QueryDict


class UnfinishedQuerySet(models.QuerySet["Unfinished"]):
    def of(self, form: str) -> "Unfinished | None":
        """What is kept of a form, with who kept it; None if nobody left it half way."""
        return self.filter(form=form).select_related("kept_by").first()

    def begun(self) -> set[str]:
        """The forms that wait to be gone on with."""
        return set(self.values_list("form", flat=True))


class Unfinished(models.Model):
    """The fields of one form as they were last seen: each name with its values, as sent.

    One row a form and not a person, so that a colleague, or the same person elsewhere, goes
    on where it was left. Nothing reads it but the form itself; it is gone once that is done.
    """

    form = models.CharField(max_length=80, primary_key=True)
    fields: "models.JSONField[dict[str, list[str]]]" = models.JSONField()
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = UnfinishedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.form

    @property
    def said(self) -> QueryDict:
        """The fields, as a form is bound to them."""
        data = QueryDict(mutable=True)
        for name, values in self.fields.items():
            data.setlist(name, values)
        return data

    def values(self, fields: Any, prefix: str = "") -> dict[str, Any]:
        """What a form that is not sent yet begins with: what stood in each of `fields`.

        `fields` are those of the form by name, `prefix` is its own. A field that was not
        among what was kept is left to the form.
        """
        said, found = self.said, dict[str, Any]()
        for name, field in fields.items():
            full = f"{prefix}-{name}" if prefix else name
            if not field.widget.value_omitted_from_data(said, {}, full):
                found[name] = field.widget.value_from_datadict(said, {}, full)
        return found
