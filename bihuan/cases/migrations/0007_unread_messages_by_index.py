"""What the public said and nobody has read is found by an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_kinds_and_urgent_by_index")]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("kind__in", ["answer", "addition"]), ("seen_at", None)),
                fields=["said_at"],
                name="message_unread",
            ),
        ),
    ]
