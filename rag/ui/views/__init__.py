"""One module a tab; each has ``build(context, tab)`` (see ``rag.ui``)."""
