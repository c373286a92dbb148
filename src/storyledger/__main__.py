"""The command ``storyledger``, or ``python -m storyledger``: first Ctrl-C, then the libraries, then the command."""

from __future__ import annotations

from storyledger import interrupts


def main() -> None:
    """Run the command line in this process, and end it."""
    interrupts.begin()
    try:
        from storyledger.cli import main as command  # noqa: PLC0415 - takes a second

        command()
    finally:
        interrupts.end()


if __name__ == "__main__":
    main()
