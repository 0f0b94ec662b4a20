"""The labels of choices are in plain English; nothing changes in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledgers', '0003_why_in_each_language'),
    ]

    operations = [
        migrations.AlterField(
            model_name='exportjob',
            name='state',
            field=models.CharField(choices=[('waiting', 'Export in progress'), ('done', 'Ready'), ('failed', 'Export failed')], default='waiting', max_length=8),
        ),
        migrations.AlterField(
            model_name='importjob',
            name='state',
            field=models.CharField(choices=[('mapping', 'Columns to be checked'), ('trying', 'Trial run in progress'), ('tried', 'Trial run done'), ('waiting', 'Import in progress'), ('done', 'Imported'), ('failed', 'Import failed')], default='mapping', max_length=8),
        ),
    ]
