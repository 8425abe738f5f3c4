"""What readers report and suggest, and what the newsroom says of itself."""

from importlib import import_module

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import claims.models.readers
import claims.models.site_pages
from sources.wordings import Wordings

stays_withheld = import_module("claims.migrations.0016_withholding").stays_withheld


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0028_withheld_waits'),
    ]

    operations = [
        Wordings([
            migrations.AlterField(
                model_name='notice',
                name='kind',
                field=models.CharField(choices=[('review_opened', 'A review opened'), ('quote_changed', 'A quoted passage changed'), ('source_changed', 'A page died, came back or moved'), ('hold_opened', 'Changes are held'), ('alarm_started', 'Something is wrong'), ('alarm_ended', 'In order again'), ('webhook_failing', 'A webhook fails'), ('account', 'About your account'), ('withholding', 'A verdict is to be withheld'), ('assigned', 'A claim was given to me'), ('sent_back', 'My draft was sent back'), ('draft_waiting', 'A draft waits for my review'), ('published', 'My draft was published'), ('mentioned', 'I am mentioned in a note'), ('look_again_due', 'The day to look again has come'), ('reader_report', 'A reader reports an error'), ('reader_suggestion', 'A reader suggests a claim'), ('overview', 'The daily overview')], max_length=20, verbose_name='about'),
            ),
            migrations.AlterField(
                model_name='noticepreference',
                name='kind',
                field=models.CharField(choices=[('review_opened', 'A review opened'), ('quote_changed', 'A quoted passage changed'), ('source_changed', 'A page died, came back or moved'), ('hold_opened', 'Changes are held'), ('alarm_started', 'Something is wrong'), ('alarm_ended', 'In order again'), ('webhook_failing', 'A webhook fails'), ('account', 'About your account'), ('withholding', 'A verdict is to be withheld'), ('assigned', 'A claim was given to me'), ('sent_back', 'My draft was sent back'), ('draft_waiting', 'A draft waits for my review'), ('published', 'My draft was published'), ('mentioned', 'I am mentioned in a note'), ('look_again_due', 'The day to look again has come'), ('reader_report', 'A reader reports an error'), ('reader_suggestion', 'A reader suggests a claim'), ('overview', 'The daily overview')], max_length=20, verbose_name='about'),
            ),
        ]),
        migrations.CreateModel(
            name='SitePage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(choices=[('about', 'About'), ('privacy', 'Privacy')], help_text='What the software knows stands on the page in any case; this text comes before it.', max_length=12, verbose_name='page')),
                ('language', models.CharField(choices=claims.models.site_pages.page_languages, help_text='Readers of a language without a text of its own see the English one.', max_length=12, verbose_name='language')),
                ('text', models.TextField(help_text='Becomes public as soon as it is saved. Markdown, as in explanations: ## for headings, a blank line between paragraphs, - for lists, [words](https://…) for links. Every change is on record.', validators=[django.core.validators.MaxLengthValidator(30000)], verbose_name='text')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
            ],
            options={
                'verbose_name': 'page about the newsroom',
                'verbose_name_plural': 'pages about the newsroom',
                'ordering': ['name', 'language'],
                'constraints': [models.UniqueConstraint(fields=('name', 'language'), name='claims_site_page_once', violation_error_message='This page has a text in this language: change that one.'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='claims_site_page_has_text'), models.CheckConstraint(condition=models.Q(('name__in', ['about', 'privacy'])), name='claims_site_page_is_known')],
            },
        ),
        migrations.CreateModel(
            name='ReaderMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('report', 'Error reported'), ('suggestion', 'Claim suggested')], max_length=12, verbose_name='kind')),
                ('receipt', models.CharField(default=claims.models.readers.new_receipt, editable=False, max_length=40, unique=True)),
                ('nonce', models.CharField(editable=False, max_length=40, unique=True)),
                ('language', models.CharField(default='en', max_length=12, verbose_name='language')),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='received')),
                ('text', models.TextField(validators=[django.core.validators.MaxLengthValidator(3000)], verbose_name='message')),
                ('where', models.CharField(blank=True, max_length=500, verbose_name='where')),
                ('contact', models.CharField(blank=True, max_length=200, verbose_name='how to reach them')),
                ('state', models.CharField(choices=[('new', 'new'), ('taken', 'being looked at'), ('answered', 'answered'), ('dismissed', 'nothing follows'), ('duplicate', 'told before')], default='new', max_length=12, verbose_name='state')),
                ('answer', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(2000)], verbose_name='our answer')),
                ('because', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(2000)], verbose_name='why nothing follows')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('claim', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reader_messages', to='claims.claim', verbose_name='claim')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'message of a reader',
                'verbose_name_plural': 'messages of readers',
                'ordering': ['-received_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['new', 'taken'])), fields=['received_at'], name='claims_reader_waiting'), models.Index(fields=['-received_at', '-id'], name='claims_reader_newest'), models.Index(fields=['state', '-received_at', '-id'], name='claims_reader_by_state'), models.Index(condition=models.Q(('state', 'answered')), fields=['claim', '-decided_at'], name='claims_reader_answers'), models.Index(condition=models.Q(('contact', ''), _negated=True), fields=['received_at'], name='claims_reader_contacts')],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='claims_reader_message_has_text'), models.CheckConstraint(condition=models.Q(('kind__in', ['report', 'suggestion'])), name='claims_reader_message_kind_is_known'), models.CheckConstraint(condition=models.Q(('state__in', ['new', 'taken', 'answered', 'dismissed', 'duplicate'])), name='claims_reader_message_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'report'), _negated=True), ('claim__isnull', False), _connector='OR'), name='claims_reader_report_names_its_claim'), models.CheckConstraint(condition=models.Q(models.Q(('answer__gt', ''), ('state', 'answered')), models.Q(models.Q(('state', 'answered'), _negated=True), ('answer', '')), _connector='OR'), name='claims_reader_answered_has_answer'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['dismissed', 'duplicate']), _negated=True), models.Q(('because', ''), _negated=True), _connector='OR'), name='claims_reader_dismissed_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('state', 'new')), models.Q(models.Q(('state', 'new'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='claims_reader_decided_by_somebody')],
            },
        ),
        stays_withheld("claims_readermessage"),
    ]
