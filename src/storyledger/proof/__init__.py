"""Proof: re-derive every hash, position and reference; show the chain from an entry to the bytes."""

from storyledger.proof.check import Problem, check_story, iter_problems
from storyledger.proof.trace import Link, trace_entry

__all__ = ["Link", "Problem", "check_story", "iter_problems", "trace_entry"]
