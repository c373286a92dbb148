"""The recipes of what ships trained: reader, attribution data, line model, coreference."""
