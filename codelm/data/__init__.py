"""The corpus and its reading: store, documents, sources, order, mixture, packing, datamodules."""
