"""jsonschema without its grammar of international addresses. In: nothing. Out: Jupyter's packages, imported faster.

In an environment with JupyterLab, jsonschema finds `rfc3987_syntax`, and that package works out a grammar for a second
when it is imported. A notebook's schema has no such address to check.
"""

from __future__ import annotations

import sys
from importlib import import_module

GRAMMAR = "rfc3987_syntax"


def import_jupyter() -> None:
    """Import nbformat; jsonschema comes with it and looks for the grammar only then."""
    if GRAMMAR in sys.modules or "jsonschema" in sys.modules:
        return
    sys.modules[GRAMMAR] = None  # for the import system: there is no such module
    try:
        import_module("nbformat")
    finally:
        del sys.modules[GRAMMAR]
