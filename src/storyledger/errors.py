"""Errors that say who can act: the caller, the page, the machine, or ourselves.

Invariant: every error has a stable code, an exit status on its class, fields instead of prose, and
survives pickling (a keyword-only exception without ``__reduce__`` kills a process pool). This module
must not know who raises what.
"""

from __future__ import annotations

from typing import Any, ClassVar


class StoryledgerError(Exception):
    """The root: ``code`` is stable, ``message`` says what is wrong, ``advice`` what to do."""

    exit_status: ClassVar[int] = 1

    def __init__(self, code: str, message: str, advice: str = "", **fields: str) -> None:
        """Keep the parts; ``fields`` are further facts such as ``path``."""
        super().__init__(message)
        self.code, self.message, self.advice, self.fields = code, message, advice, fields

    def __reduce__(self) -> tuple[Any, ...]:
        """Rebuild from the fields, so that the error can cross a process boundary."""
        return _rebuild, (type(self), self.code, self.message, self.advice, self.fields)

    def __str__(self) -> str:
        """One line: what is wrong, then what to do."""
        return f"{self.code}: {self.message}" + (f" ({self.advice})" if self.advice else "")


def _rebuild(
    kind: type[StoryledgerError], code: str, message: str, advice: str, fields: dict[str, str]
) -> StoryledgerError:
    return kind(code, message, advice, **fields)


class UsageError(StoryledgerError):
    """The caller can act: a wrong option, a file that is no ledger."""

    exit_status = 2


class PageError(StoryledgerError):
    """One page cannot be used: it is recorded as a ``Failure`` and the run goes on."""

    exit_status = 1


class NothingRead(StoryledgerError):
    """No page of the pile could be read."""

    exit_status = 3


class EnvironmentFault(StoryledgerError):
    """The machine can act: disk full, no permission; the run stops, the ledger stays valid."""

    exit_status = 4


class Bug(StoryledgerError):
    """We can act: an invariant of ours does not hold."""

    exit_status = 70
