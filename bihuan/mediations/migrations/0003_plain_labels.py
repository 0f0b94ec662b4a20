"""The labels of choices are in plain English; nothing changes in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mediations', '0002_stances_and_promises'),
    ]

    operations = [
        migrations.AlterField(
            model_name='party',
            name='role',
            field=models.CharField(choices=[('applicant', 'Applicant'), ('other', 'Other party')], max_length=10),
        ),
    ]
