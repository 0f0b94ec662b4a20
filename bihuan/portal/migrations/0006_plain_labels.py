"""The labels of choices are in plain English; nothing changes in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0005_tallies_leave'),
    ]

    operations = [
        migrations.AlterField(
            model_name='figure',
            name='kind',
            field=models.CharField(choices=[('grievance', 'Requests and complaints'), ('suggestion', 'Suggestions'), ('hazard', 'Hazards'), ('about_office', 'Complaints about an office or officer')], max_length=12),
        ),
    ]
