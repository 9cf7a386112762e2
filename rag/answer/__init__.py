"""Fourth stage: passages → cited answer."""
