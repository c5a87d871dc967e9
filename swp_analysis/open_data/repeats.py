"""Figures of one edition that lie in two files. In: rows with their `file`. Out: each figure once, or a refusal.

Copies, another format and extracts agree, and are counted once; two versions under one edition are never added up.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path

import pandas as pd

from swp_analysis.errors import InputError, count_noun
from swp_analysis.open_data.gazetteer import Gazetteer
from swp_analysis.open_data.raw_files import OpenFile
from swp_analysis.open_data.recorded_crime import COLUMNS

COUNTED = "area_code period_start period_end offence_group offence_subgroup offence_code".split()
Part = tuple[OpenFile, Path]
MOST_ALIKE = 0.8  # of the areas of a force and quarter, from which on one with fewer rows is damage
NONE = -1e9  # for a figure that is missing or withheld; no count is that


def join_parts(parts: Sequence[Part], book: Gazetteer) -> Iterator[tuple[Path, pd.DataFrame | None]]:
    """Give what files hold of one force, file by file: with the rows that are left where figures stand in two of them.

    `parts`: files and what each gave, as CSV without a header. What is left out is remarked in `book`.
    """
    for label in dict.fromkeys((file.source, file.edition) for file, _ in parts):
        own = [part for part in parts if (part[0].source, part[0].edition) == label]
        periods = [set(pd.read_csv(path, header=None, usecols=[1], dtype=str)[1]) for _, path in own[1:] and own]
        if not any(one & other for one, other in combinations(periods, 2)):
            yield from ((path, None) for _, path in own)
            continue
        read = [pd.read_csv(path, names=COLUMNS, dtype=str, keep_default_na=False) for _, path in own]
        rows = pd.concat([one.assign(file=file.path) for one, (file, _) in zip(read, own, strict=True)])
        left = drop_repeats(rows, COUNTED, own[0][0], book)
        for file, path in own:
            yield path, left[left["file"] == file.path][COLUMNS]


def drop_repeats(rows: pd.DataFrame, keys: list[str], about: OpenFile, book: Gazetteer) -> pd.DataFrame:
    """Leave out the rows of a file whose figures an earlier file of the same edition has.

    `about`: a file of that source and edition. What is left out is remarked in `book`.

    Raises
    ------
    InputError
        When the two differ, with both files and the first figure.
    """
    numbers = rows.assign(count=pd.to_numeric(rows["count"]).fillna(NONE))
    counts = numbers.groupby([*keys, "file"], sort=False)["count"].sum().unstack("file")
    twice = counts[counts.notna().sum(axis=1) > 1]
    differ = twice[twice.min(axis=1) != twice.max(axis=1)]
    if len(differ):
        raise InputError(_say_difference(differ.iloc[0].dropna(), differ.index[0], about, book))
    if twice.empty:
        return rows
    files = [str(name) for name in twice.columns[twice.notna().any()]]
    names = " and ".join([*files[:2], *([count_noun(len(files) - 2, "more file")] if len(files) > 2 else [])])
    book.remarks.append(f"{names} hold the same figures of edition {about.edition}; each is counted once.")
    first = counts.notna().idxmax(axis=1).rename("first").reset_index()
    return rows[(rows.merge(first, on=keys, how="left")["first"] == rows["file"].to_numpy()).to_numpy()]


def refuse_doubled(folder: Path, file: OpenFile, book: Gazetteer) -> None:
    """Raise an InputError for a file in which a figure stands twice; `folder` has what it gave. An area that lacks rows
    which the others of its force and quarter have is remarked in `book`.

    Rows without a count, and those of a code that names several offences, are left.
    """
    for path in sorted(folder.glob("*.csv")):
        rows = pd.read_csv(path, names=COLUMNS, usecols=[*COUNTED, "count", "source_row"], dtype=str).fillna("")
        book.remarks += _list_short(rows, file, book)
        rows = rows[(rows["count"].str.strip("0") != "") & ~rows["offence_code"].str.contains("/")]
        twice = rows[rows.duplicated(COUNTED, keep=False)].sort_values(COUNTED, kind="stable")
        if len(twice):
            numbers, counts = (" and ".join(twice[name].iloc[:2]) for name in ("source_row", "count"))
            what = f"two figures ({counts}) for {_name_figure(twice[COUNTED].iloc[0], book)}"
            raise InputError(f"{file.path}, rows {numbers}: {what}; delete one, and look for others.")


def _list_short(rows: pd.DataFrame, file: OpenFile, book: Gazetteer) -> Iterator[str]:
    """A remark on each area with fewer rows in a quarter than nearly all the others of its force have."""
    sizes = rows[rows["offence_code"] != ""].groupby(["period_start", "area_code"], sort=False).size().unstack()
    most = sizes.max(axis=1)
    alike = sizes.eq(most, axis=0).sum(axis=1) >= MOST_ALIKE * sizes.notna().sum(axis=1)
    short: Iterable = sizes[alike].where(sizes.lt(most, axis=0)).stack().dropna().items()
    for key, size in short:
        has = f"{_name_figure(key[::-1], book)}: {count_noun(int(size), 'row')}, others {most[key[0]]:.0f}"
        yield f"{file.path}: {has}; what is absent counts as none."


def _say_difference(found: pd.Series, keys: Sequence, about: OpenFile, book: Gazetteer) -> str:
    names = " and ".join(map(str, found.index))
    counts = " and ".join("none" if count == NONE else f"{count:,.0f}" for count in found)
    return (
        f"{names} are both {about.source}, edition {about.edition}, and differ: {counts} for "
        f"{_name_figure(keys, book)}; delete one, or put each into a folder named after its edition, such as "
        f"data/raw/open/{about.source}/2026-07-23/."
    )


def _name_figure(keys: Iterable, book: Gazetteer) -> str:
    return ", ".join(book.areas[key].name if key in book.areas else str(key) for key in keys if key)
