"""Candidate relations: pairs of entities, text objects, aliases."""
