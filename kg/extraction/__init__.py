"""Annotated Doc -> claims: document view -> events, patterns -> candidates -> scores -> claims. No RDF here."""
