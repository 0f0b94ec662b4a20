"""A document of the public keeps the name that its sender gave it; a photo has none."""

from django.db import migrations, models

NAMES = {
    "application/pdf": "document.pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "document.docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "document.xlsx",
    "application/vnd.oasis.opendocument.text": "document.odt",
    "application/vnd.oasis.opendocument.spreadsheet": "document.ods",
}
PHOTOS = ("photo.jpg", "photo.png", "photo.webp")
NEUTRAL = tuple(sorted((*NAMES.values(), *PHOTOS)))


def forget_names(apps, schema_editor):
    stored = apps.get_model("files", "StoredFile").objects
    for media_type, name in NAMES.items():
        stored.filter(stored_by=None, media_type=media_type).exclude(name=name).update(name=name)


class Migration(migrations.Migration):
    dependencies = [("files", "0003_attachments")]

    operations = [
        migrations.RemoveConstraint(
            model_name="storedfile", name="file_of_the_public_never_has_a_name_of_its_own"
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_names),
        migrations.AddConstraint(
            model_name="storedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(stored_by__isnull=False)
                | models.Q(kind="document")
                | models.Q(name__in=NEUTRAL),
                name="photo_of_the_public_never_has_a_name_of_its_own",
            ),
        ),
    ]
