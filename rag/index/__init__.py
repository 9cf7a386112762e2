"""Second stage: chunks → vectors, catalogue, Chroma, lexical index."""
