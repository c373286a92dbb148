"""story.json, tables, and the way back."""
