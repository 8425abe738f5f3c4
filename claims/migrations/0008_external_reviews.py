"""Reviews by other fact-checkers, what their words mean to us, the imports that brought them, and our own past."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from claims.default_labels import default_labels
from claims.importing.labels import label_key


def create_labels(apps, schema_editor):
    """The words of the default scale; ratings that the newsroom renamed by code are left out."""
    ratings = {rating.code: rating for rating in apps.get_model("claims", "Rating").objects.all()}
    label = apps.get_model("claims", "RatingLabel")
    rows: dict[str, object] = {}
    for word, code in default_labels().items():
        if not code or code in ratings:
            rows.setdefault(label_key(word), label(label=word, key=label_key(word), rating=ratings.get(code)))
    label.objects.bulk_create(rows.values(), ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0007_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExternalReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("search_text", models.TextField(blank=True, editable=False)),
                (
                    "search_vector",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.SearchVector("search_text", config="simple"),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                ("key", models.CharField(editable=False, max_length=64)),
                ("page_key", models.CharField(editable=False, max_length=32)),
                ("fingerprint", models.CharField(editable=False, max_length=64)),
                ("url", models.URLField(max_length=2048, verbose_name="address")),
                ("publisher_site", models.CharField(max_length=255, verbose_name="site")),
                ("publisher_name", models.CharField(max_length=300, verbose_name="publisher")),
                ("headline", models.CharField(blank=True, max_length=500, verbose_name="headline")),
                ("claim_text", models.TextField(max_length=10000, verbose_name="claim")),
                ("claimant", models.CharField(blank=True, max_length=300, verbose_name="claimant")),
                ("made_on", models.DateField(blank=True, null=True, verbose_name="made on")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published")),
                ("modified_at", models.DateTimeField(blank=True, null=True, verbose_name="modified")),
                ("language", models.CharField(blank=True, max_length=12, verbose_name="language")),
                (
                    "appearances",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.URLField(max_length=2048),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="appearances",
                    ),
                ),
                ("rating_label", models.CharField(max_length=500, verbose_name="their rating")),
                ("rating_value", models.CharField(blank=True, max_length=40)),
                ("rating_best", models.CharField(blank=True, max_length=40)),
                ("rating_worst", models.CharField(blank=True, max_length=40)),
                ("label_key", models.CharField(blank=True, editable=False, max_length=200)),
                ("label_lead", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "taken_from",
                    models.CharField(
                        choices=[
                            ("page", "a page's markup"),
                            ("feed", "a file or feed"),
                            ("google", "Google's Fact Check Tools API"),
                        ],
                        max_length=10,
                        verbose_name="taken from",
                    ),
                ),
                ("raw", models.TextField(blank=True)),
                ("first_seen", models.DateTimeField(default=django.utils.timezone.now, verbose_name="first seen")),
                ("last_seen", models.DateTimeField(default=django.utils.timezone.now, verbose_name="last seen")),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="changed")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
                ("linked_at", models.DateTimeField(blank=True, null=True, verbose_name="linked")),
            ],
            options={
                "verbose_name": "review by others",
                "verbose_name_plural": "reviews by others",
                "ordering": ["-pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ImportedVerdict",
            fields=[
                (
                    "claim",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="imported",
                        serialize=False,
                        to="claims.claim",
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True)),
                ("page_key", models.CharField(max_length=32)),
                ("fingerprint", models.CharField(max_length=64)),
                ("url", models.URLField(max_length=2048, verbose_name="address")),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="changed")),
            ],
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.TextField(verbose_name="from")),
                ("own", models.BooleanField(default=False, verbose_name="our own")),
                ("started_by", models.CharField(blank=True, max_length=150, verbose_name="started by")),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="started")),
                ("progressed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="progressed")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                ("new", models.PositiveIntegerField(default=0, verbose_name="new")),
                ("changed", models.PositiveIntegerField(default=0, verbose_name="changed")),
                ("unchanged", models.PositiveIntegerField(default=0, verbose_name="unchanged")),
                ("withdrawn", models.PositiveIntegerField(default=0, verbose_name="withdrawn")),
                ("repeated", models.PositiveIntegerField(default=0, verbose_name="repeated")),
                ("skipped", models.PositiveIntegerField(default=0, verbose_name="skipped")),
                ("skipped_items", models.JSONField(blank=True, default=list)),
                ("position_source", models.TextField(blank=True)),
                ("position_stamp", models.CharField(blank=True, max_length=64)),
                ("position_items", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="RatingLabel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "label",
                    models.CharField(
                        help_text="The word as they write it; case and punctuation do not matter.",
                        max_length=200,
                        verbose_name="label",
                    ),
                ),
                ("key", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "publisher_site",
                    models.CharField(
                        blank=True,
                        help_text="example.org, without www. Empty: whoever uses the word.",
                        max_length=255,
                        verbose_name="site",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        help_text="en, ru, … Empty: in whatever language.",
                        max_length=12,
                        verbose_name="language",
                    ),
                ),
            ],
            options={
                "verbose_name": "rating label",
                "verbose_name_plural": "rating labels",
                "ordering": ["key", "publisher_site", "language"],
            },
        ),
        migrations.AddField(
            model_name="verdictversion",
            name="imported",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="verdictversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("imported", False),
                    models.Q(("approved_by__isnull", True), ("second_review_required", False)),
                    _connector="OR",
                ),
                name="claims_imported_version_has_no_approver",
                violation_error_message="An imported version was approved by nobody here.",
            ),
        ),
        migrations.AddField(
            model_name="externalreview",
            name="linked_by",
            field=models.ForeignKey(
                db_index=False,
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="externalreview",
            name="linked_claim",
            field=models.ForeignKey(
                db_index=False,
                blank=True,
                help_text="Which of our claims this review is about.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="external_reviews",
                to="claims.claim",
                verbose_name="our claim",
            ),
        ),
        migrations.AddField(
            model_name="externalreview",
            name="rating",
            field=models.ForeignKey(
                db_index=False,
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="claims.rating",
                verbose_name="in our words",
            ),
        ),
        migrations.AddField(
            model_name="importedverdict",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="verdicts", to="claims.importrun"
            ),
        ),
        migrations.AddField(
            model_name="externalreview",
            name="run",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reviews",
                to="claims.importrun",
            ),
        ),
        migrations.AddField(
            model_name="ratinglabel",
            name="rating",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: the word says nothing that our scale has a rating for.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="labels",
                to="claims.rating",
                verbose_name="our rating",
            ),
        ),
        migrations.AddIndex(
            model_name="importedverdict",
            index=models.Index(fields=["page_key"], name="claims_imported_by_page"),
        ),
        migrations.AddIndex(
            model_name="externalreview",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_vector"], name="claims_externalreview_words"
            ),
        ),
        migrations.AddIndex(
            model_name="externalreview",
            index=models.Index(fields=["publisher_site", "-published_at"], name="claims_external_by_publisher"),
        ),
        migrations.AddIndex(
            model_name="externalreview",
            index=models.Index(
                condition=models.Q(("published_at__isnull", False), ("withdrawn_at__isnull", True)),
                fields=["-published_at", "-id"],
                name="claims_external_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="externalreview",
            index=models.Index(fields=["page_key"], name="claims_external_by_page"),
        ),
        migrations.AddIndex(
            model_name="externalreview",
            index=models.Index(fields=["label_key"], name="claims_external_by_label"),
        ),
        migrations.AddIndex(
            model_name="externalreview",
            index=models.Index(
                condition=models.Q(("label_lead", ""), _negated=True),
                fields=["label_lead"],
                name="claims_external_by_lead",
            ),
        ),
        migrations.AddIndex(
            model_name="externalreview",
            index=models.Index(
                condition=models.Q(("linked_claim__isnull", False)),
                fields=["linked_claim"],
                name="claims_external_of_claim",
            ),
        ),
        migrations.AddConstraint(
            model_name="externalreview",
            constraint=models.UniqueConstraint(fields=("key",), name="claims_external_review_once"),
        ),
        migrations.AddConstraint(
            model_name="externalreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("linked_claim__isnull", True),
                    models.Q(("linked_at__isnull", False), ("linked_by__isnull", False)),
                    _connector="OR",
                ),
                name="claims_external_link_says_who",
            ),
        ),
        migrations.AddConstraint(
            model_name="externalreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("claim_text", ""), _negated=True),
                    models.Q(("rating_label", ""), _negated=True),
                    models.Q(("publisher_site", ""), _negated=True),
                    models.Q(("publisher_name", ""), _negated=True),
                ),
                name="claims_external_review_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="ratinglabel",
            constraint=models.UniqueConstraint(
                fields=("key", "publisher_site", "language"),
                name="claims_rating_label_once",
                violation_error_message="This label is in the table already: change that row.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ratinglabel",
            constraint=models.CheckConstraint(
                condition=models.Q(("key", ""), _negated=True),
                name="claims_rating_label_has_letters",
                violation_error_message="Write the label with letters or digits.",
            ),
        ),
        migrations.RunPython(create_labels, migrations.RunPython.noop),
    ]
