"""Storyledger: a pile of saved news pages becomes a sourced account."""
