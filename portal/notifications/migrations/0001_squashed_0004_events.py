"""All tables in their last form, for an empty database; the steps to it stand beside."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from portal.operations.tables import MakeTables


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('notifications', '0001_initial'),
        ('notifications', '0002_endpoints'),
        ('notifications', '0003_every_system'),
        ('notifications', '0004_events'),
    ]

    dependencies = [
        ('accounts', '0002_departments'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        MakeTables([
            migrations.CreateModel(
                name='Endpoint',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('slack_bot', 'Slack, direct messages (bot token)'), ('slack', 'Slack, a channel (incoming webhook)'), ('teams', 'Teams, a channel (workflow webhook)'), ('webhook', 'Webhook (Standard Webhooks)'), ('events', 'Events of a subscription')], max_length=10)),
                    ('name', models.CharField(max_length=80, unique=True)),
                    ('sealed_address', models.TextField(blank=True, editable=False)),
                    ('sealed_secrets', models.TextField(blank=True, editable=False)),
                    ('allows_http', models.BooleanField(default=False, verbose_name='plain http is allowed')),
                    ('is_enabled', models.BooleanField(default=True, verbose_name='in use')),
                    ('failures', models.PositiveIntegerField(default=0, editable=False)),
                    ('open_until', models.DateTimeField(blank=True, editable=False, null=True)),
                    ('sent_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last sent')),
                    ('last_error', models.CharField(blank=True, editable=False, max_length=300)),
                    ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department')),
                    ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team')),
                ],
                options={
                    'ordering': ['kind', 'name'],
                },
            ),
            migrations.CreateModel(
                name='Delivery',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('about', models.CharField(max_length=80)),
                    ('channel', models.CharField(choices=[('in_app', 'In the portal'), ('mail', 'E-mail'), ('slack', 'Slack'), ('teams', 'Teams'), ('webhook', 'Webhook')], max_length=10)),
                    ('digest', models.CharField(blank=True, choices=[('', 'at once'), ('hourly', 'hourly'), ('daily', 'daily'), ('weekly', 'weekly'), ('catch_up', 'after an outage')], default='', max_length=10)),
                    ('level', models.CharField(default='info', max_length=10)),
                    ('title', models.CharField(max_length=200)),
                    ('text', models.TextField(blank=True)),
                    ('link', models.CharField(blank=True, max_length=200)),
                    ('state', models.CharField(choices=[('pending', 'waiting'), ('sent', 'sent'), ('dead', 'given up'), ('cancelled', 'cancelled')], default='pending', max_length=10)),
                    ('created_at', models.DateTimeField()),
                    ('next_at', models.DateTimeField(blank=True, null=True)),
                    ('lease_until', models.DateTimeField(blank=True, null=True)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('sent_at', models.DateTimeField(blank=True, null=True)),
                    ('died_at', models.DateTimeField(blank=True, null=True)),
                    ('last_error', models.CharField(blank=True, max_length=300)),
                    ('read_at', models.DateTimeField(blank=True, null=True)),
                    ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to=settings.AUTH_USER_MODEL)),
                    ('endpoint', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notifications.endpoint')),
                ],
            ),
            migrations.CreateModel(
                name='Connection',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('account', models.CharField(max_length=80)),
                    ('connected_at', models.DateTimeField()),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='connections', to=settings.AUTH_USER_MODEL)),
                    ('endpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='connections', to='notifications.endpoint')),
                ],
            ),
            migrations.CreateModel(
                name='Preference',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('choices', models.JSONField(default=dict)),
                    ('quiet_from', models.TimeField(blank=True, null=True)),
                    ('quiet_until', models.TimeField(blank=True, null=True)),
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='preference', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.AddConstraint(
                model_name='endpoint',
                constraint=models.CheckConstraint(condition=models.Q(('team', None), ('department', None), _connector='OR'), name='endpoint_serves_one_place'),
            ),
            migrations.AddIndex(
                model_name='delivery',
                index=models.Index(condition=models.Q(('state', 'pending')), fields=['next_at'], name='delivery_waiting'),
            ),
            migrations.AddIndex(
                model_name='delivery',
                index=models.Index(condition=models.Q(('channel', 'in_app')), fields=['recipient', '-created_at'], name='delivery_bell'),
            ),
            migrations.AddIndex(
                model_name='delivery',
                index=models.Index(condition=models.Q(('state', 'dead')), fields=['-id'], name='delivery_dead'),
            ),
            migrations.AddConstraint(
                model_name='delivery',
                constraint=models.UniqueConstraint(models.F('about'), models.F('recipient'), models.F('channel'), models.Case(models.When(channel='webhook', then='endpoint'), default=0), name='delivery_once_per_cause'),
            ),
            migrations.AddConstraint(
                model_name='connection',
                constraint=models.UniqueConstraint(fields=('user', 'endpoint'), name='connection_once'),
            ),
        ]),
    ]
