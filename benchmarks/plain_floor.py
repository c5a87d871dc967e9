"""The same charts and tables without a notebook: every code cell of some notebooks, run in two plain processes.

Run: python benchmarks/plain_floor.py [--share] FOLDER NOTEBOOK...; `run_edition.py` does. Each process imports once.
The cells run as they are written; with --share a process opens the briefing once for all its notebooks. What a cell
would show is written to FOLDER as HTML.
"""

from __future__ import annotations

import ast
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

SHARE = "--share"


def draw(path: Path, folder: Path, share: bool) -> None:
    """Everything that a notebook shows, as one file."""
    import swp_analysis

    if share and not hasattr(swp_analysis.open_briefing, "cache_info"):
        swp_analysis.open_briefing = cache(swp_analysis.open_briefing)
    names: dict = {}
    shown = [_run_cell("".join(cell["source"]), names) for cell in _code_cells(path)]
    (folder / f"{path.stem}.html").write_text("\n".join(shown), encoding="utf-8")


def _code_cells(path: Path) -> list[dict]:
    return [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]


def _run_cell(source: str, names: dict) -> str:
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    value = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None
    return value._repr_html_() if hasattr(value, "_repr_html_") else ""


def main() -> None:
    share = SHARE in sys.argv
    folder, *paths = (Path(word) for word in sys.argv[1:] if word != SHARE)
    longest_first = sorted(paths, key=lambda path: -len(_code_cells(path)))
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(draw, longest_first, [folder] * len(paths), [share] * len(paths)))


if __name__ == "__main__":
    main()
