"""Small numbers in published tables: what a rounded figure still tells, and how to hide a count and prove it hidden."""
