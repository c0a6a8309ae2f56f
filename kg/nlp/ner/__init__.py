"""Named entities on top of the tagger: gazetteer, regular expressions, consistency within a document."""
