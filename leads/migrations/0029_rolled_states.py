from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0028_plain_departments"),
    ]

    operations = [
        migrations.AddField(
            model_name="rolledcell",
            name="stamp",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="rolledto",
            name="state",
            field=models.PositiveBigIntegerField(default=0),
        ),
    ]
