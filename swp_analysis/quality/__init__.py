"""Can the figures be trusted? Schema, reconciliation with the printed baselines, and the tidy tables on disk."""
