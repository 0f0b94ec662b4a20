"""Fill the peer with tickets: `python -m tools.bench.peer.fill COUNT`."""

import sys
from datetime import UTC, datetime, timedelta

import django

django.setup()

from helpdesk.models import FollowUp, Queue, Ticket  # type: ignore[import-not-found]  # noqa: E402

AT_ONCE = 5_000


def main(count: int) -> None:
    queue, _ = Queue.objects.get_or_create(
        slug="public", defaults={"title": "Public", "allow_public_submission": True}
    )
    begun = datetime(2024, 1, 1, tzinfo=UTC)
    for first in range(0, count, AT_ONCE):
        made = Ticket.objects.bulk_create(
            Ticket(
                title=f"消防通道堵塞 {number}",
                queue=queue,
                created=begun + timedelta(minutes=number),
                modified=begun + timedelta(minutes=number),
                submitter_email=f"someone{number}@example.org",
                description="楼道内长期堆放杂物，影响疏散。",
                status=Ticket.CLOSED_STATUS if number % 30 else Ticket.OPEN_STATUS,
                priority=3,
                secret_key=f"{number:036}",
            )
            for number in range(first, min(first + AT_ONCE, count))
        )
        FollowUp.objects.bulk_create(
            FollowUp(ticket=each, date=each.created, title="Ticket Opened", public=True)
            for each in made
        )


if __name__ == "__main__":
    main(int(sys.argv[1]))
