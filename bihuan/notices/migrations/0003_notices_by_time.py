"""Notices are listed by time, and read ones are found by the time of reading."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0002_notices_by_subject'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='notice',
            name='notice_of_member',
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['member', '-created_at', '-id'], name='notice_by_time'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(
                condition=Q(('read_at__isnull', False)), fields=['read_at'], name='notice_read'
            ),
        ),
    ]
