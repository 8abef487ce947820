"""What was known of consent becomes a row that says so."""

from django.db import migrations

PAGE = 2_000


def _known(apps, schema_editor):
    """What was known of consent so far was the person's of when it was set."""
    lead, consent = apps.get_model("leads", "Lead"), apps.get_model("leads", "Consent")
    last = 0
    while page := list(
        lead.objects.filter(pk__gt=last).exclude(consent=None).order_by("pk")[:PAGE]
    ):
        last = page[-1].pk
        consent.objects.bulk_create(
            consent(
                lead=one, purpose="contact", given=one.consent,
                source=str(_origin(one).get("by") or one.source or "portal")[:80],
                said_at=one.arrived_at or one.received_at, recorded_at=one.received_at,
            )
            for one in page
        )


def _origin(one):
    return one.provenance.get("lead.consent", {})


class Migration(migrations.Migration):
    dependencies = [("leads", "0015_privacy")]

    operations = [migrations.RunPython(_known, migrations.RunPython.noop)]
