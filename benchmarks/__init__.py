"""Speed, memory and growth, measured by commands."""

import storyledger  # noqa: F401 - before onnxruntime: it switches off what that would send
