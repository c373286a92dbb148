"""The command that opens the workbench: serve."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import quote

import click

from storyledger.cli.narrow import LEDGER
from storyledger.errors import EnvironmentFault, UsageError

LOOPBACK = ("127.0.0.1", "localhost", "::1")
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - what a person may say; without a token it is refused


@click.command("serve")
@LEDGER
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="0: any that is free.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; others' machines need --token.")
@click.option("--token", help="What whoever corrects must show (and, with --host, whoever reads); else one is made.")
def serve_command(ledger: Path, port: int, host: str, token: str | None) -> None:
    """Open the workbench on LEDGER: search, read, correct and share in the browser.

    It listens on this machine alone; nothing is fetched. Stop it with Ctrl-C: every correction is in the ledger the
    moment it is made.
    """
    if host not in LOOPBACK and not token:
        advice = "give --token WORDS, and tell them only to those who may read and correct"
        raise UsageError("E-SERVE-OPEN", f"{host} lets other machines in", advice)
    import uvicorn  # noqa: PLC0415 - no other command needs a server

    from storyledger.workbench import Desk, make_app  # noqa: PLC0415 - nor the workbench

    listening = _listen(host, port)
    name = socket.gethostname() if host in EVERYWHERE else f"[{host}]" if ":" in host else host
    place = f"http://{name}:{listening.getsockname()[1]}"
    desk = Desk(ledger, token=token)
    app = make_app(desk, [host], everything_guarded=host not in LOOPBACK)
    click.echo(f"workbench: {place}/{'' if host in LOOPBACK else '?token=' + quote(desk.token, safe='')}")
    click.echo(f"token for programs that correct: {desk.token}")
    config = uvicorn.Config(app, log_level="warning", server_header=False, lifespan="off")
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        desk.close()


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at ``host`` and ``port``.

    Raises:
        EnvironmentFault: another program has the port, or the host is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen()  # before the address is printed: whoever opens it at once is kept waiting, not refused
    except OSError as error:
        made.close()
        raise EnvironmentFault(
            "E-SERVE-PORT", f"cannot listen at {host}:{port}: {error.strerror}", "name another port with --port"
        ) from error
    return made


COMMANDS = (serve_command,)
