"""What the desk's page on the sources' health asks, answered from indexes."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("sources", "0005_check_summaries")]

    operations = [
        migrations.AddIndex(
            model_name="sourcecheck",
            index=models.Index(fields=["outcome", "at"], name="sourcecheck_by_outcome"),
        ),
        migrations.AddIndex(
            model_name="source",
            index=models.Index(
                fields=["pending_since"], condition=Q(pending_since__isnull=False), name="source_pending"
            ),
        ),
        migrations.AddIndex(
            model_name="source",
            index=models.Index(fields=["-faults"], condition=Q(faults__gt=0), name="source_faulty"),
        ),
    ]
