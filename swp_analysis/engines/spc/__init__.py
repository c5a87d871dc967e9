"""Statistical process control: does a line of figures say that something changed? It knows no KPI: numbers in, limits
and signals out.

`from swp_analysis.engines.spc.signal import read_signal` is where to begin; docs/engines/spc.md has an example.
"""
