
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0001_notices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['member', '-id'], name='notice_of_member'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['subject', 'created_at'], name='notice_by_subject'),
        ),
    ]
