"""Sessions stored in `SignIn`, so that officers can see and end them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from bihuan.orgs.models import SignIn

DEVICE = "device"
STARTED_AT = "started_at"


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
        self.sign_in = super()._get_session_from_db()  # type: ignore[misc]
        return self.sign_in

    def create_model_instance(self, data: dict[str, Any]) -> SignIn:
        row: SignIn = super().create_model_instance(data)  # type: ignore[assignment]
        started_at = data.get(STARTED_AT)
        row.user_id = data.get(SESSION_KEY)
        row.device = data.get(DEVICE, "")
        row.started_at = datetime.fromisoformat(started_at) if started_at else None
        row.seen_at = self.sign_in.seen_at if self.sign_in else row.started_at
        return row
