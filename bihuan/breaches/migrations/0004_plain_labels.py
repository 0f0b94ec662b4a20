"""The labels of choices are in plain English; nothing changes in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('breaches', '0003_forms_sent_once'),
    ]

    operations = [
        migrations.AlterField(
            model_name='breach',
            name='grade',
            field=models.CharField(choices=[('unknown', 'Not known yet (treated as serious)'), ('lesser', 'Below serious (below 较大)'), ('serious', 'Serious or above (较大 or above)'), ('critical', 'Critical information infrastructure is affected'), ('none', 'Not a breach (false alarm, or recorded twice)')], default='unknown', max_length=8),
        ),
        migrations.AlterField(
            model_name='clock',
            name='outcome',
            field=models.CharField(choices=[('running', 'Running'), ('met', 'Reported in time'), ('late', 'Reported late'), ('missed', 'Overdue, then replaced'), ('cancelled', 'Ended by a change of grade')], default='running', max_length=10),
        ),
        migrations.AlterField(
            model_name='step',
            name='act',
            field=models.CharField(choices=[('contain', 'Remedied'), ('grade', 'Grade set'), ('tell', 'Authority notified'), ('tell_persons', 'People affected notified'), ('spare_persons', 'People affected not notified, with a reason'), ('add', 'Added'), ('strike', 'Entry voided'), ('ask_check', 'Submitted for check'), ('send_back', 'Returned after check'), ('close', 'Checked and closed'), ('reopen', 'Reopened')], max_length=16),
        ),
        migrations.AlterField(
            model_name='step',
            name='grade',
            field=models.CharField(blank=True, choices=[('unknown', 'Not known yet (treated as serious)'), ('lesser', 'Below serious (below 较大)'), ('serious', 'Serious or above (较大 or above)'), ('critical', 'Critical information infrastructure is affected'), ('none', 'Not a breach (false alarm, or recorded twice)')], max_length=8),
        ),
    ]
