"""The settings of production, with the floor among the pages. Bihuan itself has no such page."""

from bihuan.settings import *  # noqa: F403
from bihuan.settings import BASE, TEMPLATES

ROOT_URLCONF = "tools.bench.urls"
TEMPLATES[0]["DIRS"] = [BASE / "tools" / "bench" / "templates"]
