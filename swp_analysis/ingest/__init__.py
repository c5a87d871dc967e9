"""Raw files -> observations: each figure with the cell it came from.

The walk of a cell: `formats` (file -> `Grid`: text as a person sees it), `tables` (where tables are, and what stands
around them), `columns` (what each heading cell means), `read_table` (what each row is about), `rows` (one row's
figures), `align` (what moved in print), `cells` (text -> figure), `read_year` (each figure once). Words are
looked up on the way in `words`, `period_words` and `labels`; `read_year` puts the years together.
"""
