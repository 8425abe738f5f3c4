from django.db import migrations

from claims.default_scale import RATINGS, SCALE_CODE


def create(apps, schema_editor):
    scale = apps.get_model("claims", "RatingScale").objects.create(
        code=SCALE_CODE, name="Default scale", worst=1, best=5
    )
    apps.get_model("claims", "Rating").objects.bulk_create(
        apps.get_model("claims", "Rating")(
            scale=scale,
            code=rating.code,
            name=rating.name,
            name_translations={"ru": rating.ru, "kk": rating.kk},
            value=rating.value,
            tone=rating.tone,
            meaning=rating.meaning,
            position=position,
        )
        for position, rating in enumerate(RATINGS, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("claims", "0003_protect_history")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
