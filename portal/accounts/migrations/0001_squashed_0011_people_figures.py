"""All tables in their last form, for an empty database; the steps to it stand beside."""

import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from portal.operations.tables import MakeTables


def make_departments(apps, schema_editor):
    """The two parties of every agreement. There is no third, and neither can be left out."""
    Department = apps.get_model("accounts", "Department")
    for key in ("marketing", "sales"):
        Department.objects.get_or_create(key=key)


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('accounts', '0001_initial'),
        ('accounts', '0002_departments'),
        ('accounts', '0003_api_tokens'),
        ('accounts', '0004_passkeys'),
        ('accounts', '0005_api_calls'),
        ('accounts', '0006_language'),
        ('accounts', '0007_invitations'),
        ('accounts', '0008_groups'),
        ('accounts', '0009_directory'),
        ('accounts', '0010_signed_in'),
        ('accounts', '0011_people_figures'),
    ]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        MakeTables([
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                    ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail')),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('title', models.CharField(blank=True, max_length=120, verbose_name='job title')),
                    ('role', models.CharField(choices=[('member', 'Member'), ('manager', 'Manager'), ('operations', 'Operations'), ('auditor', 'Auditor'), ('admin', 'Administrator')], default='member', max_length=12)),
                    ('is_signatory', models.BooleanField(default=False, verbose_name='may sign for the department')),
                    ('zone', models.CharField(default='UTC', max_length=64, verbose_name='time zone')),
                    ('hours', models.JSONField(blank=True, help_text="Opening intervals by weekday, as in a calendar; empty means the team's.", null=True, verbose_name='working hours')),
                    ('capacity', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='open handoffs at most')),
                    ('weight', models.PositiveSmallIntegerField(default=1, verbose_name='share of turns')),
                    ('is_active', models.BooleanField(default=True)),
                    ('is_staff', models.BooleanField(default=False, verbose_name='may open the admin')),
                    ('joined_at', models.DateTimeField(blank=True, null=True)),
                    ('left_at', models.DateTimeField(blank=True, null=True)),
                    ('prefers_legacy', models.BooleanField(default=False, verbose_name='show old labels')),
                    ('language', models.CharField(blank=True, choices=[('en', 'English'), ('de', 'German')], help_text='Empty: pages as the browser prefers, messages as the company speaks.', max_length=8, verbose_name='language')),
                    ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                    ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ],
                options={
                    'ordering': ['name'],
                },
            ),
            migrations.CreateModel(
                name='DirectoryPerson',
                fields=[
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='directory', serialize=False, to=settings.AUTH_USER_MODEL)),
                    ('external_id', models.CharField(blank=True, max_length=200, null=True, unique=True)),
                    ('removed_at', models.DateTimeField(blank=True, null=True)),
                ],
            ),
            migrations.CreateModel(
                name='Department',
                fields=[
                    ('key', models.CharField(choices=[('marketing', 'Marketing'), ('sales', 'Sales')], max_length=12, primary_key=True, serialize=False)),
                    ('shows_people', models.BooleanField(default=True, help_text='To the person and their managers. Without it, to nobody.', verbose_name='figures per person are shown')),
                    ('smallest_group', models.PositiveSmallIntegerField(default=1, help_text='Of a team with fewer people no figures are shown apart.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='smallest group')),
                    ('head', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='heads', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='ApiToken',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=80, verbose_name='what it is for')),
                    ('prefix', models.CharField(max_length=8, unique=True)),
                    ('digest', models.CharField(max_length=64)),
                    ('scopes', models.JSONField(default=list)),
                    ('created_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField()),
                    ('last_used_at', models.DateTimeField(blank=True, null=True)),
                    ('revoked_at', models.DateTimeField(blank=True, null=True)),
                    ('window_at', models.DateTimeField(blank=True, null=True)),
                    ('window_calls', models.PositiveIntegerField(default=0)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to=settings.AUTH_USER_MODEL)),
                    ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department')),
                ],
                options={
                    'ordering': ['-created_at', '-pk'],
                },
            ),
            migrations.AddField(
                model_name='user',
                name='department',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='accounts.department'),
            ),
            migrations.CreateModel(
                name='DirectoryGroup',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=200, unique=True)),
                    ('external_id', models.CharField(blank=True, max_length=200, null=True, unique=True)),
                    ('members', models.ManyToManyField(related_name='directory_groups', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='HistoricalAbsence',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('starts_at', models.DateTimeField()),
                    ('ends_at', models.DateTimeField()),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.CharField(max_length=100, null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('deputy', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'historical absence',
                    'verbose_name_plural': 'historical absences',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='HistoricalTeam',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('key', models.SlugField()),
                    ('name', models.CharField(max_length=80)),
                    ('calendar', models.SlugField(blank=True)),
                    ('routing', models.JSONField(blank=True, default=dict)),
                    ('archived_at', models.DateTimeField(blank=True, null=True)),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.CharField(max_length=100, null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('department', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.department')),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('manager', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('steward', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'historical team',
                    'verbose_name_plural': 'historical teams',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='Invitation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('digest', models.CharField(max_length=64, unique=True)),
                    ('created_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField()),
                    ('mailed_at', models.DateTimeField(blank=True, null=True)),
                    ('used_at', models.DateTimeField(blank=True, null=True)),
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='invitation', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-created_at'],
                },
            ),
            migrations.CreateModel(
                name='KeptAnswer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=64)),
                    ('asked', models.CharField(max_length=64)),
                    ('status', models.PositiveSmallIntegerField(default=0)),
                    ('body', models.TextField(blank=True)),
                    ('location', models.CharField(blank=True, max_length=200)),
                    ('lead_id', models.PositiveBigIntegerField(blank=True, db_index=True, null=True)),
                    ('at', models.DateTimeField()),
                    ('token', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='accounts.apitoken')),
                ],
            ),
            migrations.CreateModel(
                name='Passkey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=60)),
                    ('credential_id', models.CharField(max_length=1400, unique=True)),
                    ('public_key', models.BinaryField(max_length=2000)),
                    ('key_digest', models.CharField(max_length=64)),
                    ('sign_count', models.PositiveBigIntegerField(default=0)),
                    ('enrolled_at', models.DateTimeField()),
                    ('last_used_at', models.DateTimeField(blank=True, null=True)),
                    ('revoked_at', models.DateTimeField(blank=True, null=True)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='passkeys', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-enrolled_at'],
                },
            ),
            migrations.CreateModel(
                name='SignedIn',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('session_key', models.CharField(max_length=40, unique=True)),
                    ('began_at', models.DateTimeField()),
                    ('seen_at', models.DateTimeField()),
                    ('address', models.CharField(blank=True, max_length=45)),
                    ('browser', models.CharField(blank=True, max_length=200)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sign_ins', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-seen_at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='Team',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.SlugField(unique=True)),
                    ('name', models.CharField(max_length=80)),
                    ('calendar', models.SlugField(blank=True)),
                    ('routing', models.JSONField(blank=True, default=dict)),
                    ('archived_at', models.DateTimeField(blank=True, null=True)),
                    ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='teams', to='accounts.department')),
                    ('manager', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='manages', to=settings.AUTH_USER_MODEL)),
                    ('steward', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stewards', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['department', 'name'],
                },
            ),
            migrations.CreateModel(
                name='GroupPlace',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('group', models.CharField(help_text='As the identity provider says it: a name, or the id of the group.', max_length=200, unique=True, verbose_name='group')),
                    ('role', models.CharField(choices=[('member', 'Member'), ('manager', 'Manager'), ('operations', 'Operations'), ('auditor', 'Auditor')], default='member', max_length=12)),
                    ('rank', models.PositiveSmallIntegerField(default=100, help_text='Of several groups the lowest counts.', verbose_name='rank')),
                    ('archived_at', models.DateTimeField(blank=True, null=True)),
                    ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department')),
                    ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team')),
                ],
                options={
                    'verbose_name': 'place of a group',
                    'verbose_name_plural': 'places of groups',
                    'ordering': ['rank', 'pk'],
                },
            ),
            migrations.AddField(
                model_name='user',
                name='team',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='accounts.team'),
            ),
            migrations.CreateModel(
                name='Absence',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('starts_at', models.DateTimeField()),
                    ('ends_at', models.DateTimeField()),
                    ('deputy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deputises', to=settings.AUTH_USER_MODEL)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-starts_at'],
                    'indexes': [models.Index(fields=['user', 'starts_at'], name='absence_of_user')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='absence_ends_after_start'), models.CheckConstraint(condition=models.Q(('deputy', None), models.Q(('deputy', models.F('user')), _negated=True), _connector='OR'), name='absence_deputy_is_another')],
                },
            ),
            migrations.CreateModel(
                name='Challenge',
                fields=[
                    ('digest', models.CharField(max_length=43, primary_key=True, serialize=False)),
                    ('purpose', models.CharField(choices=[('enrol', 'Enrol'), ('sign', 'Sign')], max_length=8)),
                    ('inputs', models.TextField()),
                    ('expires_at', models.DateTimeField()),
                    ('used_at', models.DateTimeField(blank=True, null=True)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('used_at', None)), fields=['user'], name='challenge_open_of_user')],
                },
            ),
            migrations.AddConstraint(
                model_name='apitoken',
                constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='token_expires_after_birth'),
            ),
            migrations.AddConstraint(
                model_name='invitation',
                constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='invitation_expires_after_birth'),
            ),
            migrations.AddIndex(
                model_name='keptanswer',
                index=models.Index(fields=['at'], name='answer_by_age'),
            ),
            migrations.AddConstraint(
                model_name='keptanswer',
                constraint=models.UniqueConstraint(fields=('token', 'key'), name='answer_once_per_key'),
            ),
            migrations.AddConstraint(
                model_name='groupplace',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('department__isnull', False), ('role__in', ['member', 'manager'])), models.Q(('department', None), ('role__in', ['operations', 'auditor']), ('team', None)), _connector='OR'), name='group_place_is_whole'),
            ),
            migrations.AddConstraint(
                model_name='user',
                constraint=models.CheckConstraint(condition=models.Q(('is_signatory', False), models.Q(('is_staff', False), ('is_superuser', False)), _connector='OR'), name='user_signatory_is_never_staff'),
            ),
            migrations.AddConstraint(
                model_name='user',
                constraint=models.CheckConstraint(condition=models.Q(('is_signatory', False), ('department__isnull', False), _connector='OR'), name='user_signatory_has_a_department'),
            ),
            migrations.AddConstraint(
                model_name='user',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('role__in', ['operations', 'auditor']), _negated=True), ('department', None), _connector='OR'), name='user_operations_and_auditors_have_no_department'),
            ),
        ]),
        migrations.RunPython(make_departments, migrations.RunPython.noop),
    ]
