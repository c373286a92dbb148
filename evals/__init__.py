"""Measurements on named data, and the floors below which they must not fall."""
