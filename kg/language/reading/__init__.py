"""The packaged English model at work: word pieces, the network in numpy, trees, names and lemmas for spaCy."""
