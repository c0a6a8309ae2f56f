"""Relation patterns of `ontology/relations/*.yaml`: their schema, loader and matchers."""
