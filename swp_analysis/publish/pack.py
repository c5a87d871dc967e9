"""One file to send. In: a published edition. Out: a zip with the board paper first, then the whole PDF, README.txt,
pages, annex and data, the marking in its name; the same edition gives the same bytes.

run.json stays behind: hashes of raw files could be used to test a guess at a hidden figure.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from swp_analysis.engines.warm_kernels.private_folder import private_folder
from swp_analysis.errors import InputError, RunError
from swp_analysis.project import Project, read_shipped
from swp_analysis.publish.pages import INDEX, read_template
from swp_analysis.publish.pdf import NO_BROWSER, find_browser, order_pages, pdf_names, print_papers
from swp_analysis.published import RUN_FILE, write_whole

START_OF_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
READABLE = 0o644 << 16

MEANINGS: dict[str, str] = read_shipped(Path(__file__).with_name("pack.yml"))


def pack_edition(
    project: Project, financial_year: str | None, audience: str, *, with_pdf: bool = True, say: Callable = print
) -> Path:
    """Zip the published edition of a year (default the newest) for an audience.

    Raises
    ------
    InputError
        When no such edition has been published.
    RunError
        When one of its files is not as it was published, or the browser fails.
    """
    folder = _find_edition(project, financial_year, audience)
    record = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
    files = _read_published(folder, record)
    name = f"swp-{folder.parent.name}-{audience}-{record['marking']}"
    printed = pdf_names(record["about"]["title"], record["marking"])
    if not with_pdf:
        files = {inner: content for inner, content in files.items() if inner not in printed}
    elif set(printed) - set(files):
        files |= _print_missing(folder, files, printed, say)
    files["README.txt"] = _write_readme(files, record).encode("utf-8")
    target = folder.parent / f"{name}.zip"
    order = sorted(files, key=lambda inner: (*(inner != first for first in (*printed, "README.txt", INDEX)), inner))
    _write_zip(target, {f"{name}/{inner}": files[inner] for inner in order})
    return target


def _find_edition(project: Project, financial_year: str | None, audience: str) -> Path:
    found = sorted(path.parent for path in project.reports.glob(f"[!.]*/{audience}/{RUN_FILE}"))
    wanted = [folder for folder in found if financial_year in (None, folder.parent.name)]
    if not wanted:
        call = f"swp assess {financial_year or ''} --audience {audience}".replace("  ", " ")
        raise InputError(f"There is no published edition to pack; make it first with `{call}`.")
    return wanted[-1]


def _read_published(folder: Path, record: Mapping[str, Any]) -> dict[str, bytes]:
    """Every file that the edition was published with, as it was."""
    files = {}
    for name, digest in record["outputs"].items():
        path = folder / name
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() != digest:
            raise RunError(f"{name} is not as it was published, so nothing was packed; run `swp assess` again.")
        files[name] = content
    return files


def _print_missing(folder: Path, files: Mapping[str, bytes], names: tuple[str, str], say: Callable) -> dict[str, bytes]:
    """The PDFs of an edition that was published without them; none, and a sentence, where no browser is."""
    browser = find_browser()
    if browser is None:
        say(f"{NO_BROWSER}, so the pack holds no PDF.")
        return {}
    with private_folder() as place:
        print_papers(folder, order_pages(files), names, place, browser)
        return {name: (place / name).read_bytes() for name in names if name not in files}


def _write_readme(files: Mapping[str, bytes], record: Mapping[str, Any]) -> str:
    about = record["about"]
    tops = [name.partition("/")[0] for name in files]
    shown = {name: text for name, text in MEANINGS.items() if any(fnmatch(top, name) for top in tops)}
    names = {name: next(top for top in tops if fnmatch(top, name)) if name.endswith(".pdf") else name for name in shown}
    contents = "\n".join(f"  {names[name]:<18} {text}" for name, text in shown.items())
    text = read_template("readme.txt.j2").render(marking=record["marking"], contents=contents, **about)
    return f"{text}\n".replace("\n", "\r\n")


def _write_zip(target: Path, files: Mapping[str, bytes]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, START_OF_ZIP_TIME)
            entry.external_attr, entry.compress_type = READABLE, zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on every machine
            pack.writestr(entry, content)
    write_whole(target, packed.getvalue())
