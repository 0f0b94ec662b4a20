"""Each filter and order of the ledger walks an index and not the archive."""

from django.db import migrations, models
from django.db.models import Q


def index(fields, condition, name):
    made = models.Index(fields=fields, condition=condition, name=name)
    return migrations.AddIndex(model_name="case", index=made)


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_words_by_index")]

    operations = [
        index(["reported_at", "id"], Q(ended_at=None), "case_open_by_report"),
        index(["stage", "due_at", "id"], Q(ended_at=None), "case_open_by_stage"),
        index(
            ["stage", "reported_at", "id"],
            Q(stage__in=["rejected", "rechecked"]),
            "case_by_rare_end",
        ),
        index(["category", "reported_at", "id"], ~Q(category=""), "case_by_category"),
        index(["post", "reported_at", "id"], Q(post__isnull=False), "case_by_post"),
    ]
