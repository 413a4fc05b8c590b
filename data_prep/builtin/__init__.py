"""The built-in corpus: equivalent programs in seven languages, sampled and written from a seed."""
