"""Commands that correct a ledger: judge, reject, rename, judgements."""

from __future__ import annotations

import click

COMMANDS: tuple[click.Command, ...] = ()
