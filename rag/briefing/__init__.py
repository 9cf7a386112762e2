"""Collection → briefing."""
