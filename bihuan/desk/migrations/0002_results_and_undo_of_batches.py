"""What became of each case of a batch in words, and the undo of a whole batch."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0001_batches'),
    ]

    operations = [
        migrations.AddField(
            model_name='batchitem',
            name='said',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='batchitem',
            name='seq',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='batchitem',
            name='state',
            field=models.CharField(
                choices=[
                    ('waiting', 'Waiting'),
                    ('done', 'Done'),
                    ('refused', 'Not done'),
                    ('undoing', 'Undo ordered'),
                    ('undone', 'Undone'),
                ],
                default='waiting',
                max_length=8,
            ),
        ),
        migrations.RemoveConstraint(
            model_name='batchitem',
            name='what_a_batch_refused_says_why',
        ),
        migrations.AddConstraint(
            model_name='batchitem',
            constraint=models.CheckConstraint(
                condition=(Q(('state', 'refused')) & ~Q(('why', '')))
                | Q(('state', 'done'))
                | Q(('state__in', ['waiting', 'undoing', 'undone']), ('why', '')),
                name='what_a_batch_refused_says_why',
            ),
        ),
    ]
