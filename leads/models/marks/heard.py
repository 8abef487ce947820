from django.db import models
from django.utils.translation import gettext_lazy as _


class WordHeard(models.Model):
    """That an old label of a stage was asked for somewhere, how often and when last.

    `who` is a team or the name of a token, never a person.
    """

    class Place(models.TextChoices):
        SEARCH = "search", _("search")
        CSV = "csv", _("CSV file")
        API = "api", _("API")

    word = models.CharField(max_length=60)
    place = models.CharField(max_length=10, choices=Place)
    who = models.CharField(max_length=120, blank=True)
    times = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        ordering = ["word", "place", "who"]
        verbose_name_plural = "words heard"
        constraints = [
            models.UniqueConstraint(fields=["word", "place", "who"], name="word_heard_once"),
        ]

    def __str__(self) -> str:
        return f"{self.word} in {self.place}"
