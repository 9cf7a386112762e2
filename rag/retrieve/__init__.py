"""Third stage: question → passages."""
