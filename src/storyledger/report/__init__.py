"""The account as a page."""
