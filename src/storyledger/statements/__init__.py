"""Who said what, and what became of it from page to page."""
