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
        migrations.AlterField(
            model_name="clock",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sla.version",
            ),
        ),
        migrations.AlterField(
            model_name="handoffmove",
            name="by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="handoffmove",
            name="handoff",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="moves",
                to="leads.handoff",
            ),
        ),
        migrations.AlterField(
            model_name="lead",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="leads.lead",
            ),
        ),
        migrations.AlterField(
            model_name="touch",
            name="by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="touch",
            name="lead",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="touches",
                to="leads.lead",
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("stopped_at", None)),
                fields=["due_at"],
                name="clock_open_due",
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                fields=["version", "obligation", "due_at"], name="clock_of_promise"
            ),
        ),
        migrations.AddIndex(
            model_name="handoffmove",
            index=models.Index(
                fields=["handoff", "move", "round"], name="handoff_move_of_handoff"
            ),
        ),
        migrations.AddIndex(
            model_name="handoffmove",
            index=models.Index(fields=["by", "at"], name="handoff_move_by_person"),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["merged_into"],
                name="lead_merged",
            ),
        ),
        migrations.AddIndex(
            model_name="touch",
            index=models.Index(fields=["by", "recorded_at"], name="touch_by_person"),
        ),
        migrations.AddIndex(
            model_name="stageentry",
            index=models.Index(
                condition=models.Q(("waived_by__isnull", False)),
                fields=["entered_at"],
                name="stage_entry_waived",
            ),
        ),
    ]
