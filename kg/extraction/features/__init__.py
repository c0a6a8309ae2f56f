"""Features of candidates: hashes of words, paths and types, and what holds of the whole document."""
