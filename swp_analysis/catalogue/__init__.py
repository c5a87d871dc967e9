"""WHAT is measured: indicators, strategy, layouts, recording breaks and audiences, all in YAML in this folder."""
