"""What the public called its files is forgotten; a number in the address tells them apart."""

from django.db import migrations, models

NAMES = {
    "image/jpeg": "photo.jpg",
    "image/png": "photo.png",
    "image/webp": "photo.webp",
    "application/pdf": "document.pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "document.docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "document.xlsx",
    "application/vnd.oasis.opendocument.text": "document.odt",
    "application/vnd.oasis.opendocument.spreadsheet": "document.ods",
}


def forget_names(apps, schema_editor):
    stored = apps.get_model("files", "StoredFile").objects
    for media_type, name in NAMES.items():
        stored.filter(stored_by=None, media_type=media_type).exclude(name=name).update(name=name)


class Migration(migrations.Migration):
    dependencies = [("files", "0001_stored_files")]

    operations = [
        migrations.RunPython(forget_names, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="storedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(stored_by__isnull=False)
                | models.Q(name__in=tuple(sorted(NAMES.values()))),
                name="file_of_the_public_never_has_a_name_of_its_own",
            ),
        ),
    ]
