"""The decoder, its attention and loss, generation, and export; torch only."""
