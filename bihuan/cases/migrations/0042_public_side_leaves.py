"""The public's side of cases is an app of its own; nothing changes in the database."""

from django.db import migrations

# Those that name others come first.
MODELS = [
    "Delivery", "HeldAct", "SpentCode", "TrackingCode", "Rating", "FollowUp", "UnsealRequest",
    "Amendment", "Message", "Seal", "SealKey", "Publication", "ReceiptKey", "DisposedCode",
]


class Migration(migrations.Migration):
    dependencies = [("cases", "0041_tables_of_the_public_side")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name) for name in MODELS]
        ),
    ]
