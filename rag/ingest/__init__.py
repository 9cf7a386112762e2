"""First stage: files → cleaned articles → chunks."""
