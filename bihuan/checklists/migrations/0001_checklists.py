"""Checklists and their versions."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('orgs', '0009_units_not_for_the_public'),
    ]

    operations = [
        migrations.CreateModel(
            name='Checklist',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80)),
                ('title_en', models.CharField(blank=True, max_length=80)),
                ('site_kinds', models.JSONField(blank=True, default=list)),
                ('origin', models.CharField(choices=[('made', 'Made here'), ('loaded', 'Supplied with the system'), ('imported', 'Imported'), ('copied', 'Copied from another list')], default='made', max_length=8)),
                ('set_key', models.CharField(blank=True, max_length=40)),
                ('created_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('form_key', models.UUIDField(blank=True, null=True, unique=True)),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit')),
            ],
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('content', models.TextField()),
                ('previous', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('in_use', 'In use'), ('replaced', 'Replaced')], default='draft', max_length=8)),
                ('edition', models.CharField(blank=True, max_length=20)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField()),
                ('put_to_use_at', models.DateTimeField(blank=True, null=True)),
                ('checklist', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='checklists.checklist')),
            ],
        ),
        migrations.AddConstraint(
            model_name='checklist',
            constraint=models.UniqueConstraint(condition=models.Q(('retired_at', None)), fields=('unit', 'title'), name='checklist_title_once_in_a_unit'),
        ),
        migrations.AddConstraint(
            model_name='checklist',
            constraint=models.UniqueConstraint(condition=models.Q(('set_key', ''), _negated=True), fields=('unit', 'set_key'), name='supplied_checklist_once_in_a_unit'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(fields=('checklist', 'number'), name='version_number_once_in_a_checklist'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('checklist',), name='checklist_has_one_draft'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'in_use')), fields=('checklist',), name='checklist_has_one_version_in_use'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('put_to_use_at', None), ('state', 'draft')), models.Q(models.Q(('state', 'draft'), _negated=True), ('put_to_use_at__isnull', False)), _connector='OR'), name='version_was_put_to_use_exactly_when_no_draft'),
        ),
    ]
