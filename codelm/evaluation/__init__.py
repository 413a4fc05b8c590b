"""Scoring of the translation directions: loss, BLEU, and the tables that show them."""
