from django.db import models


class CacheRow(models.Model):
    """A row of Django's database cache (`CACHES` in the settings), which alone writes here.

    A model, so that the table comes with the migrations. What every process must see alike
    lives in it: tried passwords that are counted, one-time codes that were used. It is in
    the database and not in Redis, which holds nudges only and may be away for an hour.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "portal_cache"

    def __str__(self) -> str:
        return self.cache_key
