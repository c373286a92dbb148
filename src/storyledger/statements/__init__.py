"""Who said what, and what became of it from page to page."""

from storyledger.statements.find import find_statements
from storyledger.statements.versions import link_versions

__all__ = ["find_statements", "link_versions"]
