"""How it is said and drawn: numbers, words, tables, charts, and the briefing that notebooks call."""
