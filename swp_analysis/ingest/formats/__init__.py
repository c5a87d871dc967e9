"""Files of every format become grids of text cells and paragraphs, with their addresses; nothing is interpreted."""
