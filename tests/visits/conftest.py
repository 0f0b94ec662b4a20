"""What the tests of visits start from."""

from __future__ import annotations

import pytest

from tests.visits.firm import Firm, make_firm
from tests.visits.scene import Scene, make_scene


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@pytest.fixture
def firm(scene: Scene) -> Firm:
    return make_firm(scene)
