"""The command line: parse, call, print; no logic."""

from storyledger.cli.root import main

__all__ = ["main"]
