"""The tallies of the present hour."""

from django.db import models


class Tally(models.Model):
    """How often something was tried from one place within an hour. It does not say which place."""

    hour = models.DateTimeField(db_index=True)
    # What was tried, and from where, under the hour's key.
    mark = models.BinaryField(max_length=32, unique=True)
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.count)
