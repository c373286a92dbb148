"""From names and mentions of every article to the cast of the story."""
