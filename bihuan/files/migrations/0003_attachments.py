import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0002_files_of_the_public_are_nameless"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=80)),
                ("caption", models.CharField(blank=True, max_length=200)),
                ("added_at", models.DateTimeField()),
                ("form_key", models.UUIDField(blank=True, null=True)),
                ("added_by", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("file", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile")),
            ],
            options={
                "indexes": [models.Index(fields=["subject"], name="attachment_by_subject")],
                "constraints": [
                    models.CheckConstraint(condition=~models.Q(subject=""), name="attachment_always_has_a_subject"),
                    models.UniqueConstraint(fields=("form_key",), name="form_attaches_the_same_file_once"),
                ],
            },
        ),
    ]
