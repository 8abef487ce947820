"""All tables in their last form, for an empty database; the steps to it stand beside."""

import portal.ledger.kinds
from django.db import migrations, models

from portal.ledger.models import guard
from portal.operations.tables import MakeTables


def install(apps, schema_editor):
    guard.install(schema_editor.connection)


def remove(apps, schema_editor):
    guard.remove(schema_editor.connection)


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('ledger', '0001_initial'),
        ('ledger', '0002_guard'),
    ]

    dependencies = [
    ]

    operations = [
        MakeTables([
            migrations.CreateModel(
                name='Head',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('seq', models.PositiveBigIntegerField()),
                    ('hash', models.CharField(max_length=64)),
                    ('count', models.PositiveBigIntegerField()),
                    ('at', models.DateTimeField()),
                    ('published_to', models.JSONField(blank=True, default=list)),
                ],
                options={
                    'db_table': 'ledger_head',
                    'constraints': [models.UniqueConstraint(fields=('seq', 'hash'), name='ledger_head_once')],
                },
            ),
            migrations.CreateModel(
                name='LedgerEntry',
                fields=[
                    ('seq', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                    ('at', models.DateTimeField()),
                    ('kind', models.CharField(choices=portal.ledger.kinds.choices, max_length=40)),
                    ('subject_type', models.CharField(max_length=60)),
                    ('subject_id', models.PositiveBigIntegerField()),
                    ('lead_id', models.PositiveBigIntegerField(blank=True, null=True)),
                    ('actor_id', models.PositiveBigIntegerField(blank=True, null=True)),
                    ('department', models.CharField(blank=True, max_length=60)),
                    ('team', models.CharField(blank=True, max_length=60)),
                    ('body', models.TextField()),
                    ('prev_hash', models.CharField(max_length=64)),
                    ('hash', models.CharField(max_length=64)),
                ],
                options={
                    'verbose_name_plural': 'ledger entries',
                    'db_table': 'ledger_entry',
                    'indexes': [models.Index(fields=['subject_type', 'subject_id'], name='ledger_subject'), models.Index(condition=models.Q(('lead_id__isnull', False)), fields=['lead_id'], name='ledger_lead')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('seq__gte', 1)), name='ledger_from_one')],
                },
            ),
            migrations.CreateModel(
                name='Salt',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('owner_type', models.CharField(max_length=60)),
                    ('owner_id', models.PositiveBigIntegerField()),
                    ('secret', models.BinaryField(max_length=32)),
                ],
                options={
                    'db_table': 'ledger_salt',
                    'constraints': [models.UniqueConstraint(fields=('owner_type', 'owner_id'), name='ledger_salt_one_per_owner')],
                },
            ),
        ]),
        migrations.RunPython(install, remove),
    ]
