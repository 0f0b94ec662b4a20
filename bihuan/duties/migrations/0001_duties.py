"""Duties of posts at sites, the versions of their texts, and signatures."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('orgs', '0009_units_not_for_the_public'),
        ('sites', '0002_words_by_index'),
    ]

    operations = [
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=24)),
                ('text', models.TextField()),
                ('source', models.CharField(blank=True, max_length=200)),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('form_key', models.UUIDField(blank=True, null=True, unique=True)),
                ('post', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.post')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='sites.site')),
            ],
        ),
        migrations.CreateModel(
            name='DutyText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('text', models.TextField()),
                ('source', models.CharField(blank=True, max_length=200)),
                ('made_at', models.DateTimeField()),
                ('duty', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='texts', to='duties.duty')),
            ],
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('since_date', models.DateField()),
                ('signed_at', models.DateTimeField()),
                ('duty', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='duties.duty')),
                ('post', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.post')),
            ],
        ),
        migrations.AddIndex(
            model_name='duty',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['site', 'kind'], name='duty_at_site'),
        ),
        migrations.AddIndex(
            model_name='duty',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['post', 'id'], name='duty_of_post'),
        ),
        migrations.AddConstraint(
            model_name='duty',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('site', 'kind', 'post'), name='duty_assigned_once_to_a_post'),
        ),
        migrations.AddConstraint(
            model_name='duty',
            constraint=models.CheckConstraint(condition=models.Q(('end_date', None), ('end_date__gte', models.F('start_date')), _connector='OR'), name='duty_never_ends_before_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='duty',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at', None), ('end_date__isnull', False), _connector='OR'), name='ended_duty_always_has_a_last_day'),
        ),
        migrations.AddConstraint(
            model_name='duty',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), ('number__gte', 1)), name='duty_always_has_a_text'),
        ),
        migrations.AddConstraint(
            model_name='dutytext',
            constraint=models.UniqueConstraint(fields=('duty', 'number'), name='version_once_of_a_duty'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.UniqueConstraint(fields=('duty', 'number', 'post', 'since_date'), name='duty_text_signed_once_in_a_term'),
        ),
    ]
