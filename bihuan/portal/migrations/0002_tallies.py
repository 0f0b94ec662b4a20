
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0001_outlets_receptions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Pepper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.DateTimeField(unique=True)),
                ('key', models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.DateTimeField(db_index=True)),
                ('mark', models.BinaryField(max_length=32, unique=True)),
                ('count', models.PositiveIntegerField(default=0)),
            ],
        ),
    ]
