import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('leads', '0025_growth'),
    ]

    operations = [
        migrations.CreateModel(
            name='RolledCell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, unique=True)),
                ('family', models.CharField(max_length=10)),
                ('day', models.DateField()),
                ('name', models.CharField(blank=True, max_length=60)),
                ('kind', models.CharField(blank=True, max_length=20)),
                ('party', models.CharField(blank=True, max_length=60)),
                ('team', models.CharField(blank=True, max_length=60)),
                ('source', models.CharField(blank=True, max_length=80)),
                ('segment', models.CharField(blank=True, max_length=80)),
                ('version', models.PositiveIntegerField()),
                ('state', models.CharField(blank=True, max_length=12)),
                ('origin', models.CharField(blank=True, max_length=200)),
                ('n', models.PositiveIntegerField()),
                ('records', models.BinaryField()),
            ],
            options={
                'indexes': [models.Index(fields=['day'], name='rolled_cell_day')],
            },
        ),
        migrations.CreateModel(
            name='RolledTo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.PositiveSmallIntegerField()),
                ('zone', models.CharField(max_length=60)),
                ('seq', models.PositiveBigIntegerField()),
                ('hash', models.CharField(max_length=64)),
                ('built_to', models.PositiveBigIntegerField(default=0)),
                ('complete', models.BooleanField(default=False)),
                ('checked_to', models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='RolledShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lead_id', models.PositiveBigIntegerField()),
                ('n', models.PositiveIntegerField()),
                ('records', models.BinaryField()),
                ('cell', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='leads.rolledcell')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('lead_id', 'cell'), name='rolled_share_once')],
            },
        ),
    ]
