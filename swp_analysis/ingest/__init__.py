"""Raw files -> observations: file -> grids -> headings -> cells -> tidy rows, each figure with the cell it came
from."""
