"""All tables in their last form, for an empty database; the steps to it stand beside."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from portal.ledger.models import guard
from portal.operations.tables import MakeTables
from sla.models.signature import SIGNATURES


def install(apps, schema_editor):
    guard.install(schema_editor.connection, SIGNATURES)


def remove(apps, schema_editor):
    guard.remove(schema_editor.connection, SIGNATURES)


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('sla', '0001_initial'),
        ('sla', '0002_comments_and_observation'),
        ('sla', '0003_signatures_with_proof'),
        ('sla', '0004_office'),
    ]

    dependencies = [
        ('accounts', '0002_departments'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        MakeTables([
            migrations.CreateModel(
                name='Agreement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.SlugField(unique=True)),
                    ('name', models.CharField(max_length=120)),
                    ('scope', models.JSONField(blank=True, null=True)),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                    ('is_default', models.BooleanField(default=False)),
                    ('archived_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('is_default',), name='agreement_one_default')],
                },
            ),
            migrations.CreateModel(
                name='HistoricalAgreement',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('key', models.SlugField()),
                    ('name', models.CharField(max_length=120)),
                    ('scope', models.JSONField(blank=True, null=True)),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                    ('is_default', models.BooleanField(default=False)),
                    ('archived_at', models.DateTimeField(blank=True, null=True)),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.CharField(max_length=100, null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'historical agreement',
                    'verbose_name_plural': 'historical agreements',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='Version',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('revision', models.PositiveSmallIntegerField(default=1)),
                    ('state', models.CharField(choices=[('draft', 'draft'), ('proposed', 'proposed'), ('signed', 'signed'), ('declined', 'declined'), ('withdrawn', 'withdrawn')], default='draft', max_length=10)),
                    ('terms', models.JSONField()),
                    ('digest', models.CharField(blank=True, max_length=64)),
                    ('reason', models.TextField(blank=True)),
                    ('created_at', models.DateTimeField()),
                    ('saved_at', models.DateTimeField()),
                    ('proposed_at', models.DateTimeField(blank=True, null=True)),
                    ('requested_from', models.DateTimeField(blank=True, null=True)),
                    ('backtest', models.JSONField(blank=True, null=True)),
                    ('signed_at', models.DateTimeField(blank=True, null=True)),
                    ('effective_from', models.DateTimeField(blank=True, null=True)),
                    ('ended_at', models.DateTimeField(blank=True, null=True)),
                    ('ended_reason', models.TextField(blank=True)),
                    ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='sla.agreement')),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['agreement', '-number'],
                },
            ),
            migrations.CreateModel(
                name='Signature',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('revision', models.PositiveSmallIntegerField()),
                    ('signer_name', models.CharField(max_length=120)),
                    ('signer_title', models.CharField(blank=True, max_length=120)),
                    ('digest', models.CharField(max_length=64)),
                    ('statement', models.TextField()),
                    ('method', models.CharField(choices=[('password_totp', 'password and one-time code'), ('identity_provider', 'fresh login at the identity provider'), ('passkey', 'passkey')], max_length=20)),
                    ('authenticated_at', models.DateTimeField()),
                    ('signed_at', models.DateTimeField()),
                    ('acknowledged', models.JSONField(blank=True, default=list)),
                    ('proof', models.JSONField(blank=True, default=dict)),
                    ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department')),
                    ('signer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to=settings.AUTH_USER_MODEL)),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='sla.version')),
                ],
                options={
                    'ordering': ['signed_at'],
                },
            ),
            migrations.CreateModel(
                name='RequestTimer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('remind', 'who has not signed is asked again'), ('expire', 'the request for signatures expires')], max_length=10)),
                    ('at', models.DateTimeField()),
                    ('revision', models.PositiveSmallIntegerField()),
                    ('done_at', models.DateTimeField(blank=True, null=True)),
                    ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                    ('error', models.CharField(blank=True, max_length=300)),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='timers', to='sla.version')),
                ],
            ),
            migrations.CreateModel(
                name='Observation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('started_at', models.DateTimeField()),
                    ('stopped_at', models.DateTimeField(blank=True, null=True)),
                    ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('stopped_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='observations', to='sla.version')),
                ],
                options={
                    'ordering': ['-started_at'],
                },
            ),
            migrations.CreateModel(
                name='Comment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('revision', models.PositiveSmallIntegerField()),
                    ('path', models.CharField(max_length=200)),
                    ('heading', models.CharField(max_length=300)),
                    ('clause', models.TextField()),
                    ('text', models.TextField()),
                    ('written_at', models.DateTimeField()),
                    ('resolved_at', models.DateTimeField(blank=True, null=True)),
                    ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department')),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='sla.comment')),
                    ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='sla.version')),
                ],
                options={
                    'ordering': ['written_at', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='VersionSave',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('revision', models.PositiveSmallIntegerField()),
                    ('number', models.PositiveIntegerField()),
                    ('saved_at', models.DateTimeField()),
                    ('terms', models.JSONField()),
                    ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='saves', to='sla.version')),
                ],
                options={
                    'ordering': ['-number'],
                },
            ),
            migrations.CreateModel(
                name='Office',
                fields=[
                    ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=120)),
                    ('country', models.CharField(blank=True, max_length=2)),
                    ('region', models.CharField(blank=True, max_length=8)),
                    ('calendar', models.JSONField()),
                    ('changed_at', models.DateTimeField()),
                    ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='office_is_one_row')],
                },
            ),
            migrations.AddIndex(
                model_name='version',
                index=models.Index(condition=models.Q(('state', 'signed')), fields=['agreement', '-effective_from'], name='version_in_force'),
            ),
            migrations.AddConstraint(
                model_name='version',
                constraint=models.UniqueConstraint(fields=('agreement', 'number'), name='version_number_once_per_agreement'),
            ),
            migrations.AddConstraint(
                model_name='version',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'signed'), _negated=True), models.Q(('effective_from__gte', models.F('signed_at')), ('signed_at__isnull', False)), _connector='OR'), name='version_effective_after_second_signature'),
            ),
            migrations.AddConstraint(
                model_name='version',
                constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('digest', ''), _negated=True), _connector='OR'), name='version_frozen_has_digest'),
            ),
            migrations.AddConstraint(
                model_name='version',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), _negated=True), models.Q(('ended_reason', ''), _negated=True), _connector='OR'), name='version_declined_has_reason'),
            ),
            migrations.AddConstraint(
                model_name='signature',
                constraint=models.UniqueConstraint(fields=('version', 'revision', 'department'), name='signature_once_per_department'),
            ),
            migrations.AddConstraint(
                model_name='signature',
                constraint=models.UniqueConstraint(fields=('version', 'revision', 'signer'), name='signature_once_per_person'),
            ),
            migrations.AddIndex(
                model_name='requesttimer',
                index=models.Index(condition=models.Q(('cancelled_at', None), ('done_at', None)), fields=['at', 'id'], name='request_timer_to_come'),
            ),
            migrations.AddConstraint(
                model_name='observation',
                constraint=models.UniqueConstraint(condition=models.Q(('stopped_at', None)), fields=('version',), name='observation_one_at_a_time'),
            ),
            migrations.AddConstraint(
                model_name='observation',
                constraint=models.CheckConstraint(condition=models.Q(('stopped_at', None), ('stopped_at__gte', models.F('started_at')), _connector='OR'), name='observation_stops_after_it_starts'),
            ),
            migrations.AddIndex(
                model_name='comment',
                index=models.Index(fields=['version', 'path'], name='comment_by_clause'),
            ),
            migrations.AddConstraint(
                model_name='comment',
                constraint=models.CheckConstraint(condition=models.Q(('parent', None), ('resolved_at', None), _connector='OR'), name='comment_thread_is_resolved_as_a_whole'),
            ),
            migrations.AddConstraint(
                model_name='comment',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('resolved_at', None), ('resolved_by', None)), models.Q(('resolved_at__isnull', False), ('resolved_by__isnull', False)), _connector='OR'), name='comment_resolved_says_by_whom'),
            ),
            migrations.AddConstraint(
                model_name='versionsave',
                constraint=models.UniqueConstraint(fields=('version', 'number'), name='save_number_once'),
            ),
        ]),
        migrations.RunPython(install, remove),
    ]
