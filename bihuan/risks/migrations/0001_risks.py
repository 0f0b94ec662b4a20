"""Risks of sites, their controls, the checks of these, and lower grades that are proposed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('files', '0004_documents_of_the_public_keep_their_names'),
        ('orgs', '0009_units_not_for_the_public'),
        ('sites', '0002_words_by_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RiskPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('harm', models.TextField()),
                ('likelihood', models.PositiveSmallIntegerField()),
                ('consequence', models.PositiveSmallIntegerField()),
                ('colour', models.CharField(choices=[('red', 'Red: major risk'), ('orange', 'Orange: considerable risk'), ('yellow', 'Yellow: general risk'), ('blue', 'Blue: low risk')], max_length=6)),
                ('matrix', models.CharField(max_length=20)),
                ('stage', models.CharField(choices=[('in_force', 'In force'), ('retired', 'Retired')], default='in_force', max_length=8)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('form_key', models.UUIDField(blank=True, null=True, unique=True)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='risks', to='sites.site')),
            ],
        ),
        migrations.CreateModel(
            name='Regrading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('likelihood', models.PositiveSmallIntegerField()),
                ('consequence', models.PositiveSmallIntegerField()),
                ('colour', models.CharField(choices=[('red', 'Red: major risk'), ('orange', 'Orange: considerable risk'), ('yellow', 'Yellow: general risk'), ('blue', 'Blue: low risk')], max_length=6)),
                ('matrix', models.CharField(max_length=20)),
                ('reason', models.TextField()),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('is_granted', models.BooleanField(blank=True, null=True)),
                ('note', models.TextField(blank=True)),
                ('asked_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('risk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='regradings', to='risks.riskpoint')),
            ],
        ),
        migrations.CreateModel(
            name='Control',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('engineering', 'Engineering'), ('management', 'Management'), ('training', 'Training'), ('protection', 'Personal protection'), ('emergency', 'Emergency response')], max_length=11)),
                ('measure', models.CharField(max_length=400)),
                ('every_days', models.PositiveSmallIntegerField()),
                ('last_checked_date', models.DateField(blank=True, null=True)),
                ('next_due_date', models.DateField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('form_key', models.UUIDField(blank=True, null=True, unique=True)),
                ('post', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.post')),
                ('risk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='controls', to='risks.riskpoint')),
            ],
        ),
        migrations.CreateModel(
            name='ControlCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('checked_date', models.DateField()),
                ('is_effective', models.BooleanField()),
                ('note', models.TextField(blank=True)),
                ('recorded_at', models.DateTimeField()),
                ('form_key', models.UUIDField(blank=True, null=True, unique=True)),
                ('control', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='risks.control')),
                ('photos', models.ManyToManyField(related_name='+', to='files.attachment')),
                ('post', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.post')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('is_effective', True), models.Q(('note', ''), _negated=True), _connector='OR'), name='failed_check_always_says_why')],
            },
        ),
        migrations.AddIndex(
            model_name='riskpoint',
            index=models.Index(fields=['colour'], name='risk_by_colour'),
        ),
        migrations.AddConstraint(
            model_name='riskpoint',
            constraint=models.UniqueConstraint(fields=('site', 'title'), name='risk_once_at_a_site'),
        ),
        migrations.AddConstraint(
            model_name='riskpoint',
            constraint=models.CheckConstraint(condition=models.Q(('consequence__range', (1, 5)), ('likelihood__range', (1, 5))), name='risk_always_has_levels_of_the_matrix'),
        ),
        migrations.AddConstraint(
            model_name='riskpoint',
            constraint=models.CheckConstraint(condition=models.Q(('colour__in', ['red', 'orange', 'yellow', 'blue'])), name='risk_always_has_one_of_four_colours'),
        ),
        migrations.AddConstraint(
            model_name='riskpoint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('retired_at', None), ('stage', 'in_force')), models.Q(('retired_at__isnull', False), ('stage', 'retired')), _connector='OR'), name='risk_retired_exactly_when_the_stage_says_so'),
        ),
        migrations.AddConstraint(
            model_name='regrading',
            constraint=models.UniqueConstraint(condition=models.Q(('is_granted', None)), fields=('risk',), name='one_open_regrading_of_a_risk'),
        ),
        migrations.AddConstraint(
            model_name='regrading',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('is_granted', True), _negated=True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='nobody_confirms_a_lower_grade_they_proposed'),
        ),
        migrations.AddConstraint(
            model_name='regrading',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('is_granted', None)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('is_granted__isnull', False)), _connector='OR'), name='regrading_is_decided_by_somebody'),
        ),
        migrations.AddIndex(
            model_name='control',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['post', 'next_due_date'], name='control_due_of_post'),
        ),
        migrations.AddIndex(
            model_name='control',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['next_due_date'], name='control_due'),
        ),
        migrations.AddConstraint(
            model_name='control',
            constraint=models.CheckConstraint(condition=models.Q(('every_days__range', (1, 730))), name='control_is_checked_at_least_every_two_years'),
        ),
        migrations.AddConstraint(
            model_name='control',
            constraint=models.CheckConstraint(condition=models.Q(('last_checked_date', None), ('next_due_date__gt', models.F('last_checked_date')), _connector='OR'), name='control_never_due_before_its_last_check'),
        ),
    ]
