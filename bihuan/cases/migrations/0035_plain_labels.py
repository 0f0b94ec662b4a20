"""The labels of choices are in plain English; nothing changes in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0034_ended_cases_counted_by_index'),
    ]

    operations = [
        migrations.AlterField(
            model_name='bar',
            name='cause',
            field=models.CharField(choices=[('complained_of', 'Complained of'), ('interest', 'Has a conflict of interest'), ('retaliation', 'Alleged retaliation')], max_length=16),
        ),
        migrations.AlterField(
            model_name='case',
            name='channel',
            field=models.CharField(choices=[('desk', 'Entered by an officer'), ('import', 'Imported from a ledger'), ('inspection', 'Found in an inspection'), ('portal', 'Reported on the portal'), ('open311', 'Reported through another system'), ('phone', 'By telephone'), ('letter', 'By letter'), ('visit', 'In person')], max_length=12),
        ),
        migrations.AlterField(
            model_name='evidence',
            name='phase',
            field=models.CharField(choices=[('before', 'Before the fix'), ('after', 'After the fix'), ('check', 'From the verification'), ('document', 'Document')], max_length=8),
        ),
        migrations.AlterField(
            model_name='evidence',
            name='shown_to',
            field=models.CharField(choices=[('office', 'For the office only'), ('giver', 'For the office, from a tracking code holder'), ('codes', 'Visible to everyone with a tracking code')], db_default='office', default='office', max_length=6),
        ),
        migrations.AlterField(
            model_name='gonerow',
            name='why',
            field=models.CharField(choices=[('disposed', 'Case disposed of'), ('amended', 'Erased or corrected on request')], max_length=8),
        ),
        migrations.AlterField(
            model_name='hand',
            name='side',
            field=models.CharField(choices=[('fix', 'Worked on the fix'), ('check', 'Verified the fix'), ('answer', 'Worked on the answer'), ('review', 'Reviewed the answer'), ('rereview', 'Reviewed the review')], max_length=8),
        ),
    ]
