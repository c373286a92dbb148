"""The command ``storyledger`` and what its errors become: one line on standard error, and a status.

0: done. 1: some pages failed and ``--strict`` was given, or ``verify`` found something. 2: a wrong call.
3: nothing could be read. 4: the machine gave out. 70: a fault of ours. 130: interrupted.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

from storyledger.cli.faults import DEBUG_VARIABLE, end_quietly, explain, tell
from storyledger.cli.say import say, speak_any_locale
from storyledger.interrupts import INTERRUPTED, TOLD, interruptible

# The module of each command. It is loaded when its command is asked for: `show` must not pay for what `build` needs.
COMMANDS = {
    "build": "build", "import": "build", "extract": "build", "read": "build",
    "show": "view", "stories": "view",
    "export": "look", "datasette": "look", "report": "look", "brief": "look", "why": "look", "diff": "look",
    "verify": "prove", "seal": "prove",
    "judge": "correct", "reject": "correct", "rename": "correct", "judgements": "correct",
    "note": "collect", "dossier": "collect",
    "serve": "serve", "watch": "watch", "fetch": "fetch",
}  # fmt: skip


@contextmanager
def _border() -> Iterator[None]:
    """Turn whatever the block raises, but what click prints itself, into one line and an exit status."""
    try:
        yield
    except (click.ClickException, click.exceptions.Exit):
        raise
    except (KeyboardInterrupt, click.Abort):
        say(TOLD, err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        sys.exit(end_quietly())
    except Exception as error:  # noqa: BLE001 - the last border: whatever it is, the user gets a sentence
        sys.exit(tell(explain(error), error))


class _Group(click.Group):
    """A group whose commands turn every error into one line and an exit status."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (click's signature)
        """Return the command of that name, its module loaded; None where there is none."""
        if cmd_name not in self.commands and cmd_name in COMMANDS:
            gc.disable()  # what is loaded stays: looking for cycles in it takes a fifth of the time of loading it
            try:
                module = import_module(f"{__package__}.{COMMANDS[cmd_name]}")
            finally:
                gc.freeze()
                gc.enable()
            for command in module.COMMANDS:
                command.params.append(_debug_option())
                self.add_command(command)
        return self.commands.get(cmd_name)

    def make_context(self, *given: Any, **extra: Any) -> click.Context:
        """Read the call; ``--help`` and ``--version`` are printed here, and can meet a full disk too."""
        with _border():
            return super().make_context(*given, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; what it raises is printed in one line, never as a traceback."""
        with _border(), interruptible():
            speak_any_locale()
            result = super().invoke(ctx)
            sys.stdout.flush()  # here a full disk or a closed pipe can still be told
            return result


def _ask_debug(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001 (click's signature)
    if value:
        os.environ[DEBUG_VARIABLE] = "1"


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="storyledger")
def main() -> None:
    """Turn a pile of saved news pages into a sourced account of the story."""


def _debug_option() -> click.Option:
    told = "Print the whole traceback of an error."
    return click.Option(["--debug"], is_flag=True, expose_value=False, is_eager=True, callback=_ask_debug, help=told)


main.params.append(_debug_option())
