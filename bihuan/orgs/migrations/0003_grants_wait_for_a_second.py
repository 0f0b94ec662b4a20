"""Posts, powers and passwords say who granted them, and who confirmed that.

What is there already is older than the rule, and counts.
"""

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.deletion import PROTECT


def _who():
    return models.ForeignKey(
        blank=True,
        null=True,
        db_index=False,
        on_delete=PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


def _when():
    return models.DateTimeField(blank=True, null=True)


CONFIRMED = Q(("confirmed_at", None), ("confirmed_by", None)) | Q(
    ("confirmed_at__isnull", False),
    ("confirmed_by__isnull", False),
    ("granted_at__isnull", False),
)
BY_ANOTHER = Q(("confirmed_by", None)) | Q(("granted_by", None)) | ~Q(
    ("confirmed_by", F("granted_by"))
)
CONSTRAINTS = [
    ("post", "powers_confirmed_by_somebody", CONFIRMED),
    ("post", "nobody_confirms_powers_they_added", BY_ANOTHER),
    ("tenure", "tenure_confirmed_by_somebody", CONFIRMED),
    ("tenure", "nobody_confirms_an_appointment_they_made", BY_ANOTHER),
    (
        "tenure",
        "nobody_confirms_their_own_appointment",
        Q(("confirmed_by", None)) | ~Q(("confirmed_by", F("member"))),
    ),
    ("user", "password_confirmed_by_somebody", CONFIRMED),
    ("user", "nobody_confirms_a_password_they_gave", BY_ANOTHER),
    (
        "user",
        "nobody_confirms_their_own_password",
        Q(("confirmed_by", None)) | ~Q(("confirmed_by", F("id"))),
    ),
]


class Migration(migrations.Migration):
    dependencies = [("orgs", "0002_successors_of_closed_units")]

    operations = [
        *(
            migrations.AddField(model_name=model, name=name, field=field())
            for model in ("post", "tenure", "user")
            for name, field in (
                ("granted_at", _when),
                ("granted_by", _who),
                ("confirmed_at", _when),
                ("confirmed_by", _who),
            )
        ),
        *(
            migrations.AddConstraint(
                model_name=model,
                constraint=models.CheckConstraint(name=name, condition=condition),
            )
            for model, name, condition in CONSTRAINTS
        ),
    ]
