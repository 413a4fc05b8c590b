"""Command-line tools: each parses its options, composes what `codelm` and `data_prep` offer, and calls it."""
