"""Holds are called on their pages what the desk's menu calls them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("claims", "0005_holds_and_notices")]

    operations = [
        migrations.AlterModelOptions(
            "hold",
            {
                "ordering": ["-opened_at", "-pk"],
                "verbose_name": "held changes",
                "verbose_name_plural": "held changes",
            },
        ),
    ]
