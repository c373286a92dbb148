"""The recipes of what ships trained: reader, attribution data, line model, coreference."""

import storyledger  # noqa: F401 - before onnxruntime: it switches off what that would send
