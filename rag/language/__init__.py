"""German and English: sentences, words, numbers, dates, names, reported speech."""
