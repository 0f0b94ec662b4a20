"""What the tests of visits start from."""

from __future__ import annotations

import pytest

from tests.visits.scene import Scene, make_scene


@pytest.fixture
def scene() -> Scene:
    return make_scene()
