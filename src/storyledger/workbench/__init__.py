"""The workbench: a local web application on a ledger, to search, read, correct and hand on."""

from storyledger.workbench.app import make_app
from storyledger.workbench.desk import Desk

__all__ = ["Desk", "make_app"]
