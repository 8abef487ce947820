import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_squashed_0011_people_figures"),
        ("leads", "0024_owned_since"),
        ("sla", "0001_squashed_0004_office"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="handoff",
            name="handoff_open_receiver",
        ),
        migrations.RemoveIndex(
            model_name="lead",
            name="lead_by_email",
        ),
        migrations.AlterField(
            model_name="handoff",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="handoffs",
                to="sla.version",
            ),
        ),
        migrations.AlterField(
            model_name="turn",
            name="member",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="turns",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="turn",
            name="team",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="turns",
                to="accounts.team",
            ),
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(fields=["domain"], name="company_by_domain"),
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(
                django.db.models.functions.text.Lower("name"), name="company_by_any_case"
            ),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(
                condition=models.Q(("ended_at", None)),
                fields=["receiver", "state"],
                name="handoff_open_receiver",
            ),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(
                condition=models.Q(("ended_at", None)),
                fields=["giver", "state"],
                name="handoff_open_giver",
            ),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(
                fields=["version", "kind", "first_offered_at"], name="handoff_by_week"
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["email_key", "agreement"], name="lead_by_email"),
        ),
    ]
