"""The two parties of every agreement. There is no third, and neither can be left out."""

from django.db import migrations


def make_departments(apps, schema_editor):
    Department = apps.get_model("accounts", "Department")
    for key in ("marketing", "sales"):
        Department.objects.get_or_create(key=key)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(make_departments, migrations.RunPython.noop)]
