"""The labels of choices are in plain English; nothing changes in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('retention', '0001_holds_disposals_hand_overs'),
    ]

    operations = [
        migrations.AlterField(
            model_name='item',
            name='state',
            field=models.CharField(choices=[('waiting', 'Waiting'), ('left', 'Kept, not disposed of')], default='waiting', max_length=8),
        ),
        migrations.AlterField(
            model_name='item',
            name='why',
            field=models.CharField(blank=True, choices=[('held', 'It is on hold'), ('open', 'It was reopened'), ('not_yet', 'Its retention period has not ended'), ('not_handed_over', 'The archive has not received it yet'), ('referred_to', 'A sub-case or duplicate of it is still kept')], max_length=16),
        ),
    ]
