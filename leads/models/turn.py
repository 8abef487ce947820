from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Turn(models.Model):
    """One turn of a member in a team's rotation, spent on one lead.

    `start` and `finish` place it on the team's scale (leads.core.routing). A turn given back
    is owed until another one makes it good; that one is `owed` and moves nothing. A pool of
    the team's rules has a scale of its own, under its key; "" is the whole team's.
    """

    # Its indexes begin with the team; one of the member alone would be taken for them.
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, related_name="turns", db_index=False
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="turns", db_index=False
    )
    lead = models.ForeignKey("leads.Lead", models.PROTECT, related_name="turns")
    pool = models.CharField(max_length=40, blank=True, default="", db_default="")
    spent_at = models.DateTimeField()
    start = models.BigIntegerField()
    finish = models.BigIntegerField()
    owed = models.BooleanField(default=False)
    given_back_at = models.DateTimeField(null=True, blank=True)
    made_good_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(finish__gte=F("start")), name="turn_has_a_length"
            ),
            models.CheckConstraint(
                condition=Q(made_good_at=None) | Q(given_back_at__isnull=False),
                name="turn_made_good_was_given_back",
            ),
        ]
        indexes = [
            # The latest turn of a team, and of each of its members.
            models.Index(
                fields=["team", "pool", "-id"],
                condition=Q(owed=False),
                name="turn_latest_of_team",
            ),
            models.Index(
                fields=["team", "pool", "member", "-id"],
                condition=Q(owed=False),
                name="turn_latest_of_member",
            ),
            # What a team owes.
            models.Index(
                fields=["team", "member"],
                condition=Q(given_back_at__isnull=False, made_good_at=None),
                name="turn_owed",
            ),
        ]

    def __str__(self) -> str:
        return f"turn of {self.member_id} in team {self.team_id}"
