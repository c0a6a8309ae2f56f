"""Twelve small texts and the triples extracted from them, kept so that each change of a triple is seen in review.

`python -m tests.golden` rewrites the triples (`make golden`); `test_triples.py` compares.
"""
