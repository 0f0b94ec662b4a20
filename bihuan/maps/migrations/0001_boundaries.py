"""Boundaries of units."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('orgs', '0009_units_not_for_the_public'),
    ]

    operations = [
        migrations.CreateModel(
            name='Boundary',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('geometry', models.TextField()),
                ('outline', models.TextField()),
                ('west', models.FloatField()),
                ('south', models.FloatField()),
                ('east', models.FloatField()),
                ('north', models.FloatField()),
                ('source', models.CharField(max_length=200)),
                ('loaded_at', models.DateTimeField()),
                ('unit', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('east__lte', 180), ('north__lte', 90), ('south__gte', -90), ('south__lte', models.F('north')), ('west__gte', -180), ('west__lte', models.F('east'))), name='boundary_lies_on_the_ground')],
            },
        ),
    ]
