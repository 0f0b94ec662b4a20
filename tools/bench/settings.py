"""Production settings with the baseline pages added, which bihuan itself does not have."""

from bihuan.settings import *  # noqa: F403
from bihuan.settings import BASE, TEMPLATES

ROOT_URLCONF = "tools.bench.urls"
TEMPLATES[0]["DIRS"] = [BASE / "tools" / "bench" / "templates"]
