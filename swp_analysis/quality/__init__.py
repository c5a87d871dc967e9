"""Can the figures be trusted? Schema, yearly totals, and the tidy tables on disk."""
