"""The E.164 form of each number, and the mailbox of addresses at providers who ignore what
follows a plus, or dots."""

from django.db import migrations, models

from leads.core import identity

PAGE = 2_000


def _keys(apps, schema_editor):
    lead = apps.get_model("leads", "Lead")
    last = 0
    while page := list(
        lead.objects.filter(pk__gt=last).exclude(phone="", email_key="").order_by("pk")
        .select_related("company")[:PAGE]
    ):
        last = page[-1].pk
        for one in page:
            country = one.country or (one.company.country if one.company else "")
            one.phone_key = identity.phone(one.phone, country)
        lead.objects.bulk_update([one for one in page if one.phone_key], ["phone_key"])
        for one in page:
            _mailbox(lead, one)


def _mailbox(lead, one):
    """What would be a second open lead of one person keeps its key: people merge them."""
    key = identity.mail(one.email).key
    if not key or key == one.email_key or identity.mail(one.email_key).key != key:
        return
    same = lead.objects.filter(
        email_key=key, agreement=one.agreement_id, closed_at=None, merged_into=None
    )
    if not same.exists():
        lead.objects.filter(pk=one.pk).update(email_key=key)


class Migration(migrations.Migration):
    dependencies = [("leads", "0011_pools")]

    operations = [
        migrations.AddField("lead", "phone_key", models.CharField(blank=True, default="", max_length=20), preserve_default=False),
        migrations.RunPython(_keys, migrations.RunPython.noop),
        migrations.AddIndex("lead", models.Index(fields=["phone_key"], name="lead_by_phone")),
    ]
