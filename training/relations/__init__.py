"""Fitting the relation scorers of `kg.extraction.scoring` on annotated documents.

gold documents -> kg's own analysis -> examples -> three networks fitted fold by fold -> reranker fitted on held-out
scores -> calibration and thresholds from held-out predictions -> figures by kind of text -> weights. Candidates,
features, forward pass, ranking and decoding are those of `kg`; only fitting is defined here.
"""
