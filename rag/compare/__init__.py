"""Fifth stage: passages → disagreements."""
