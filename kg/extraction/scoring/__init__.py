"""Candidates -> calibrated probabilities: hashed-feature classifier, reranker, thresholds."""
