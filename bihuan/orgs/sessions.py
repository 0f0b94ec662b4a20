"""Sessions stored in `SignIn`, so that officers can see and end them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import QuerySet
from django.utils import timezone

from bihuan.orgs.models import SignIn
from bihuan.store.prepared import prepared

DEVICE = "device"
STARTED_AT = "started_at"


@prepared
def _unexpired(session_key: str, now: datetime) -> QuerySet[SignIn]:
    return SignIn.objects.filter(session_key=session_key, expire_date__gt=now)


class SessionStore(DatabaseStore):
    """Django's database session store on our own table; keeps the row that it read."""

    sign_in: SignIn | None = None

    @classmethod
    def get_model_class(cls) -> type[SignIn]:
        return SignIn

    def begin(self, *, device: str, now: datetime) -> None:
        """Record what the sessions page shows about this session."""
        self[DEVICE] = device
        self[STARTED_AT] = now.isoformat()

    def _get_session_from_db(self) -> SignIn | None:
        """Read the row with a prepared query: every request of an officer asks for it."""
        now = timezone.now()  # noqa: TID251 - as Django's store does
        self.sign_in = _unexpired.one(self.session_key or "", now)
        if self.sign_in is None:
            self._session_key = None
        return self.sign_in

    def create_model_instance(self, data: dict[str, Any]) -> SignIn:
        row: SignIn = super().create_model_instance(data)  # type: ignore[assignment]
        started_at = data.get(STARTED_AT)
        row.user_id = data.get(SESSION_KEY)
        row.device = data.get(DEVICE, "")
        row.started_at = datetime.fromisoformat(started_at) if started_at else None
        row.seen_at = self.sign_in.seen_at if self.sign_in else row.started_at
        return row
