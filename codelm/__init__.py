"""codelm: how to split a token budget among programming languages, by measurement."""

__version__ = "0.1.0"
