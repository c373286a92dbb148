"""The command ``storyledger`` and what its errors become: one line on standard error, and a status.

0: done. 1: some pages failed and ``--strict`` was given, or ``verify`` found something. 2: a wrong call.
3: nothing could be read. 4: the machine gave out. 130: interrupted.
"""

from __future__ import annotations

import sys

import click

from storyledger.cli import build, correct, look
from storyledger.errors import StoryledgerError

INTERRUPTED = 130


class _Group(click.Group):
    """A group whose commands turn our errors into one line and an exit status."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; an error of ours is printed, never a traceback."""
        try:
            return super().invoke(ctx)
        except StoryledgerError as error:
            click.echo(f"storyledger: {error}", err=True)
            sys.exit(error.exit_status)
        except KeyboardInterrupt:
            click.echo("storyledger: interrupted; what was done is kept, run the same command to go on", err=True)
            sys.exit(INTERRUPTED)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(0)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="storyledger")
def main() -> None:
    """Turn a pile of saved news pages into a sourced account of the story."""


for command in (*build.COMMANDS, *look.COMMANDS, *correct.COMMANDS):
    main.add_command(command)
