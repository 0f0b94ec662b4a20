"""Plants in an installation what a backup has to hold, and what it must not: `COUNT BYTES`."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from hashlib import sha256

import django

MARK = b"planted-mark-of-an-address-0000!"
SESSION = "planted0session0key0planted0sess"


def main(count: int, size: int) -> None:
    """Photos and documents with their records, a session, and a tally."""
    django.setup()
    from bihuan.core.capture import PlaceVerdict, TimeVerdict
    from bihuan.files import disk
    from bihuan.files.models import StoredFile
    from bihuan.orgs.models import SignIn, User
    from bihuan.tallies.models import Tally
    from tests.factories import NOW

    officer = User.objects.earliest("pk")
    for number in range(count):
        data = os.urandom(size)
        is_photo = number % 2 == 0
        stored = StoredFile(
            kind="photo" if is_photo else "document",
            media_type="image/jpeg" if is_photo else "application/pdf",
            sha256=sha256(data).hexdigest(),
            size_bytes=size,
            name=f"{number}.{'jpg' if is_photo else 'pdf'}",
            stored_by=officer,
            stored_at=NOW,
        )
        disk.put(stored.path, data)
        if is_photo:
            stored.width = stored.height = 10
            stored.capture_place, stored.capture_time = PlaceVerdict.NONE, TimeVerdict.NONE
            disk.put(stored.thumbnail_path, data[:100])
        stored.save()
        print(stored.path)
    until = NOW + timedelta(days=3650)
    SignIn.objects.update_or_create(
        session_key=SESSION, defaults={"user": officer, "expire_date": until, "seen_at": NOW}
    )
    Tally.objects.get_or_create(mark=MARK, defaults={"hour": NOW})


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
