"""Places in cases that are not a site."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sites', '0002_words_by_index'),
    ]

    operations = [
        migrations.CreateModel(
            name='RefusedPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=200)),
                ('refused_at', models.DateTimeField()),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sites.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'place'), name='place_refused_once_for_a_site')],
            },
        ),
    ]
