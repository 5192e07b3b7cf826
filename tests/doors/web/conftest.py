"""The fixtures of the tests of pages."""

from served_pages import site, visit

__all__ = ["site", "visit"]
