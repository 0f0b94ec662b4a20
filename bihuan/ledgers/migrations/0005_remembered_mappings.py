"""The choices for files with the same headers are remembered."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledgers', '0004_plain_labels'),
        ('orgs', '0005_until_when_posts_were_held'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RememberedMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('header', models.CharField(max_length=32)),
                ('mapping', models.JSONField()),
                ('saved_at', models.DateTimeField()),
                ('saved_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='orgs.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('unit', 'header'), name='mapping_remembered_once_for_a_header')],
            },
        ),
    ]
