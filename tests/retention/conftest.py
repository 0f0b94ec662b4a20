"""Fixtures of the tests of retention."""

import pytest

from tests.retention.scene import Scene


@pytest.fixture
def scene() -> Scene:
    return Scene()
