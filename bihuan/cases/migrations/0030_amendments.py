"""Requests to have what was told corrected or erased."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0029_imported_closures'),
        ('orgs', '0005_until_when_posts_were_held'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Amendment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slot', models.CharField(max_length=12)),
                ('thing', models.CharField(max_length=24)),
                ('told_at', models.DateTimeField()),
                ('wants', models.CharField(choices=[('correct', 'Correct it'), ('erase', 'Erase it')], max_length=8)),
                ('right_words', models.TextField(blank=True)),
                ('reason', models.TextField(blank=True)),
                ('asked_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('granted', 'Granted'), ('partly', 'Granted in part'), ('refused', 'Refused')], max_length=8)),
                ('answer', models.TextField(blank=True)),
                ('basis', models.CharField(blank=True, max_length=12)),
                ('form_key', models.UUIDField(unique=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='amendments', to='cases.case')),
                ('clock', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='amendment', to='cases.clock')),
                ('decided_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('handled_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('decided_at', None), ('withdrawn_at', None)), fields=['case'], name='amendment_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('decided_at', None), ('withdrawn_at', None)), fields=('case', 'slot', 'thing'), name='one_amendment_open_for_each_thing'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('outcome', ''), ('unit', None)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('outcome__in', ['granted', 'partly', 'refused']), ('unit__isnull', False)), _connector='OR'), name='amendment_is_decided_by_somebody_for_a_unit'), models.CheckConstraint(condition=models.Q(('withdrawn_at', None), ('decided_at', None), _connector='OR'), name='withdrawn_amendment_is_never_decided'), models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['partly', 'refused']), _negated=True), models.Q(models.Q(('answer', ''), _negated=True), models.Q(('basis', ''), _negated=True)), _connector='OR'), name='refused_amendment_always_says_why_and_by_what_law'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('wants', 'correct'), ('withdrawn_at', None), _negated=True), models.Q(('right_words', ''), _negated=True), _connector='OR'), name='open_correction_always_brings_the_right_words'), models.CheckConstraint(condition=models.Q(models.Q(('wants', 'erase'), _negated=True), ('right_words', ''), _connector='OR'), name='erasure_never_brings_words'), models.CheckConstraint(condition=models.Q(('decided_by', None), ('handled_by', None), models.Q(('decided_by', models.F('handled_by')), _negated=True), _connector='OR'), name='whoever_handled_it_never_decides_what_is_amended')],
            },
        ),
    ]
