"""Language models: prompts, endpoints, one policy for failures, a cache, a scripted fake."""
