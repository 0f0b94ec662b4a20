"""Other names of towns and villages, by which the public finds them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("orgs", "0005_until_when_posts_were_held"),
        ("portal", "0008_figures_leave"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlaceName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("unit", models.ForeignKey(on_delete=models.deletion.PROTECT, related_name="place_names", to="orgs.unit")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "name"), name="place_named_once_for_a_unit"),
                ],
            },
        ),
    ]
