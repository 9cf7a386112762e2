"""The prompts as files, by language; `rag prompts` shows them."""
