"""Fixtures of the tests of the officers' pages: those of the cases that the pages show."""

from tests.cases.conftest import cast, d, office

__all__ = ["cast", "d", "office"]
