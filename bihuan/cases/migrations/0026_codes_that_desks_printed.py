"""Codes that an officer handed over before are codes from a desk: each is to be renewed."""

from django.db import migrations
from django.db.models import Q


def mark(apps, schema_editor):
    """Slips of the desk intake, and invitations, which stand in a slot of their own unless
    somebody asked for a mediation of a dispute that an officer had noticed."""
    code = apps.get_model("cases", "TrackingCode")
    by_officer = Q(case__reported_by__isnull=False) | ~Q(slot="reporter")
    code.objects.filter(by_officer).update(is_from_desk=True)


class Migration(migrations.Migration):
    dependencies = [("cases", "0025_desk_codes")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
