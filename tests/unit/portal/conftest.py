"""Fixtures that several of the portal's tests share."""

from tests.unit.portal.test_api import house

__all__ = ["house"]
