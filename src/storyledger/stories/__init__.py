"""Which pages of a pile tell one story."""

from storyledger.stories.find import find_stories, tell_stories

__all__ = ["find_stories", "tell_stories"]
