"""Measurements on named data, and the floors below which they must not fall."""

import storyledger  # noqa: F401 - before onnxruntime: it switches off what that would send
