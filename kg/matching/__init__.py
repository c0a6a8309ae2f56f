"""Comparison of names and attributes: values in, scores with reasons out. No store here."""
