from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("mediations", "0001_mediations")]

    operations = [
        # The case's own post mediates, and the agreement says since when it is in force.
        migrations.RemoveField(model_name="mediation", name="mediator"),
        migrations.RemoveField(model_name="mediation", name="agreed_at"),
        migrations.AddField(
            model_name="party", name="agrees_to_open", field=models.BooleanField(default=False)
        ),
        migrations.AddField(
            model_name="performance", name="was_kept", field=models.BooleanField(null=True)
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                name="what_is_in_force_was_never_withdrawn",
                condition=Q(withdrawn_at=None) | Q(in_force_at=None),
            ),
        ),
        migrations.AddConstraint(
            model_name="performance",
            constraint=models.CheckConstraint(
                name="promise_is_kept_or_broken_exactly_when_done",
                condition=Q(done_at=None, was_kept=None)
                | Q(done_at__isnull=False, was_kept__isnull=False),
            ),
        ),
    ]
