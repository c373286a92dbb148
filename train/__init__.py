"""The recipes of what ships trained: the reader, attribution data, the line model, coreference. Never imported by the package."""
