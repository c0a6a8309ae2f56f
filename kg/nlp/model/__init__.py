"""The packaged multi-task model: word pieces, encoder, decoders of trees and names, lemmatizer, spaCy component."""
