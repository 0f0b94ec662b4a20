
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orgs', '0001_units_posts_members'),
        ('portal', '0002_tallies'),
    ]

    operations = [
        migrations.CreateModel(
            name='Figure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('grievance', 'Requests and complaints'), ('suggestion', 'Suggestions'), ('hazard', 'Dangers'), ('about_office', 'Complaints about an office or officer')], max_length=12)),
                ('month', models.DateField()),
                ('received', models.PositiveIntegerField(default=0)),
                ('settled', models.PositiveIntegerField(default=0)),
                ('in_time', models.PositiveIntegerField(default=0)),
                ('answered', models.PositiveIntegerField(default=0)),
                ('rated', models.PositiveIntegerField(default=0)),
                ('solved', models.PositiveIntegerField(default=0)),
                ('days', models.JSONField(default=dict)),
                ('counted_at', models.DateTimeField()),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'month', 'unit'), name='figure_once'), models.UniqueConstraint(condition=models.Q(('unit', None)), fields=('kind', 'month'), name='figure_of_the_place_once'), models.CheckConstraint(condition=models.Q(('unit', None), models.Q(('kind', 'about_office'), _negated=True), _connector='OR'), name='no_unit_has_a_figure_of_complaints_about_it'), models.CheckConstraint(condition=models.Q(('in_time__lte', models.F('answered')), ('answered__lte', models.F('settled')), ('settled__lte', models.F('received')), ('solved__lte', models.F('rated')), ('rated__lte', models.F('answered'))), name='figure_parts_are_within_their_wholes')],
            },
        ),
    ]
