"""Findings as a reader sees them. In: protected data. Out: sentences, tables and charts.

The words of pages stand in `phrases.yml`, the columns of their tables in `tables.yml`.
"""
