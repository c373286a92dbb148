"""Comparison: where sources agree, differ, copy and keep silent."""

from storyledger.compare.compare import compare_story
from storyledger.compare.known import cut_story, split_story, story_as_of

__all__ = ["compare_story", "cut_story", "split_story", "story_as_of"]
