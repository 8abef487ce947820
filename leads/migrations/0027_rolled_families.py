from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('leads', '0026_rolled'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='rolledcell',
            name='rolled_cell_day',
        ),
        migrations.AddIndex(
            model_name='rolledcell',
            index=models.Index(fields=['family', 'day'], name='rolled_cell_family_day'),
        ),
    ]
