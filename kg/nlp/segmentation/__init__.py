"""Text -> blocks, words and sentence boundaries, all with their place in the text."""
