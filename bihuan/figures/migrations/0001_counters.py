"""Counters, and what each subject has been counted as."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('orgs', '0005_until_when_posts_were_held'),
    ]

    operations = [
        migrations.CreateModel(
            name='Contribution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=20)),
                ('subject', models.CharField(blank=True, max_length=60)),
                ('period', models.DateField()),
                ('numbers', models.JSONField(default=dict)),
                ('is_final', models.BooleanField(default=False)),
                ('unit', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['source', 'period'], name='contribution_by_period')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('subject', ''), _negated=True), fields=('source', 'subject'), name='subject_contributes_once')],
            },
        ),
        migrations.CreateModel(
            name='Count',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('counter', models.CharField(max_length=40)),
                ('period', models.DateField()),
                ('step', models.IntegerField(default=0)),
                ('value', models.BigIntegerField()),
                ('is_pending', models.BooleanField(default=True)),
                ('unit', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['period', 'counter'], name='count_by_period')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_pending', False), ('unit__isnull', False)), fields=('counter', 'unit', 'period', 'step'), name='count_merged_once'), models.UniqueConstraint(condition=models.Q(('is_pending', False), ('unit', None)), fields=('counter', 'period', 'step'), name='count_of_the_place_merged_once'), models.CheckConstraint(condition=models.Q(('unit', None), models.Q(('counter__startswith', 'place.'), _negated=True), _connector='OR'), name='no_unit_has_a_counter_of_the_place')],
            },
        ),
    ]
