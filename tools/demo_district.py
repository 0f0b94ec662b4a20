"""The demo's district: its offices, and who holds their posts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localdate

from bihuan.orgs.models import Post, Tenure, Unit, User

COUNTY, TOWN = "530499", "530499101"


@dataclass(frozen=True)
class District:
    """The demo's offices and the holders of their posts."""

    now: datetime

    def unit(self, code: str) -> Unit:
        return Unit.objects.get(code=code)

    def post(self, code: str, title: str) -> Post:
        return Post.objects.get(unit__code=code, title=title)

    def holder(self, code: str, title: str) -> User:
        held = Tenure.objects.in_force(localdate(self.now)).select_related("member")
        return held.get(post=self.post(code, title)).member

    def ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)
