"""The tallies of the current hour."""

from django.db import models


class Tally(models.Model):
    """How often something was attempted from one place within an hour, without revealing the
    place.
    """

    hour = models.DateTimeField(db_index=True)
    # What was attempted, and from where, hashed under the hour's key.
    mark = models.BinaryField(max_length=32, unique=True)
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.count)
