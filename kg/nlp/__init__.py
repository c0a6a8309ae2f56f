"""English text -> annotated spaCy Doc: segmentation, tags, trees, names, coreference, dates. No relations, no RDF."""
