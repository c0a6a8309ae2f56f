"""English text -> an annotated spaCy Doc, and what might be said in it: one component a module. No RDF here."""
