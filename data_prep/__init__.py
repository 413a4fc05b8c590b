"""From programs to a corpus: sources, grouping, splits, tokenised shards."""
