"""Codes that officers have seen are renewed, and what came by one is held until it is confirmed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0024_openings_in_danger'),
        ('orgs', '0002_successors_of_closed_units'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HeldAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(max_length=24)),
                ('said', models.JSONField(default=dict)),
                ('held_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('is_confirmed', models.BooleanField(blank=True, null=True)),
                ('note', models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name='SpentCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code_hash', models.BinaryField(max_length=32, unique=True)),
                ('spent_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='trackingcode',
            name='is_from_desk',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='trackingcode',
            name='renewals',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='trackingcode',
            name='renewed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='trackingcode',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('renewals', 0), ('renewed_at', None)), models.Q(('renewals__gt', 0), ('renewed_at__isnull', False)), _connector='OR'), name='renewed_code_says_when'),
        ),
        migrations.AddField(
            model_name='heldact',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='held', to='cases.case'),
        ),
        migrations.AddField(
            model_name='heldact',
            name='code',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='held', to='cases.trackingcode'),
        ),
        migrations.AddField(
            model_name='heldact',
            name='decided_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='heldact',
            name='member',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='heldact',
            name='unit',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit'),
        ),
        migrations.AddField(
            model_name='spentcode',
            name='code',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spent', to='cases.trackingcode'),
        ),
        migrations.AddConstraint(
            model_name='heldact',
            constraint=models.UniqueConstraint(condition=models.Q(('decided_at', None)), fields=('code', 'act'), name='act_is_held_once'),
        ),
        migrations.AddConstraint(
            model_name='heldact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('is_confirmed', None)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('is_confirmed__isnull', False), models.Q(('note', ''), _negated=True)), _connector='OR'), name='held_act_is_decided_by_somebody_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='heldact',
            constraint=models.CheckConstraint(condition=models.Q(('member', None), ('decided_by', None), models.Q(('decided_by', models.F('member')), _negated=True), _connector='OR'), name='nobody_decides_what_they_entered'),
        ),
    ]
