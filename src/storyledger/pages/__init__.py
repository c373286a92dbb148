"""Where pages come from: files, folders, archives, feeds, standard input become ``Page`` values."""
