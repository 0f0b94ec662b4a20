"""Chains, their entries and the daily roots."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Anchor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(unique=True)),
                ('until_at', models.DateTimeField()),
                ('through', models.BigIntegerField()),
                ('leaves', models.PositiveIntegerField()),
                ('previous', models.BinaryField(max_length=32)),
                ('root', models.BinaryField(max_length=32)),
                ('made_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Chain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=80)),
                ('length', models.PositiveIntegerField()),
                ('head', models.BinaryField(max_length=32)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('subject',), name='chain_subject_once')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('act', models.CharField(max_length=40)),
                ('note', models.TextField(blank=True)),
                ('detail', models.TextField(blank=True)),
                ('before_digest', models.BinaryField(default=bytes, max_length=32)),
                ('after_digest', models.BinaryField(default=bytes, max_length=32)),
                ('previous', models.BinaryField(max_length=32)),
                ('hash', models.BinaryField(max_length=32)),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('chain', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='journal.chain')),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='entry_by_time')],
                'constraints': [models.UniqueConstraint(fields=('chain', 'seq'), name='entry_seq_once_in_a_chain')],
            },
        ),
    ]
