"""Tables get the name of the app to which they will belong; the rows stay."""

from django.db import migrations

MODELS = [
    "amendment", "delivery", "disposedcode", "followup", "heldact", "message", "publication",
    "rating", "receiptkey", "seal", "sealkey", "spentcode", "trackingcode", "unsealrequest",
]


class Migration(migrations.Migration):
    dependencies = [("cases", "0040_kinds_are_registered")]

    operations = [migrations.AlterModelTable(name, f"receipts_{name}") for name in MODELS]
