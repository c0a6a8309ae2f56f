"""Claims as RDF: writing quads, reading claim nodes back, SHACL shapes and validation."""
