"""What a report states, one figure a claim. In: the typed `claims.csv` of a year. Out: `Claim`s with their readings.

A reading says which figure of the tables a claim is about; a claim without one is about something that has no table.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from swp_analysis.audit.figures import YearSpan
from swp_analysis.audit.mentions import Amount
from swp_analysis.catalogue.claim_rules import OF_FORCE, OPEN
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import QUARTERS, previous_year, read_financial_year
from swp_analysis.engines.small_numbers.rounding import Printed, is_print_of, read_printed
from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.text import decode

TYPED_COLUMNS = ["claim_id", "location", "indicator", "kind", "period", "stated", "unit", "direction"]
Metric = Literal["level", "change", "percent", "points", "ratio", "part"]
METRICS: dict[str, Metric] = dict.fromkeys(("level", "previous_level", "baseline_new", "share"), "level")
METRICS |= {"change_abs": "change", "same_as": "change", "change_pct": "percent", "change_points": "points"}
TYPED_KINDS = {*METRICS, "sum", "rank", "extreme", "achieved", "not_achieved", "budget"}
_PERIOD = re.compile(r"(?P<year>\S+?)(?: Q(?P<quarter>[1-4]))?")


@dataclass(frozen=True)
class FigureMeant:
    """One figure that a claim may mean: an indicator, the span it is about and, for a change, the span before.

    A `part` is a share of the indicator `whole` in the span `base`.
    """

    indicator: str
    metric: Metric
    span: YearSpan
    base: YearSpan | None = None
    measure: str = "value"
    whole: str = ""


@dataclass(frozen=True)
class Claim:
    """A statement with its place; `readings` in the order of likelihood, `words` as they stand in the source.

    A `weak` claim may mean something else: it can be confirmed, but is accused never or only when it is a near miss.
    By `doubtful` readings it is not accused and not confirmed. `number`: a place, or how many quarters; `wider`: it is
    about more than its row; `judged_as`: the kind by which a typed claim is judged.
    """

    claim_id: str
    location: str
    indicator: str
    kind: str
    stated: str
    unit: str = ""
    direction: str = ""
    readings: tuple[FigureMeant, ...] = ()
    words: str = ""
    group: str = ""
    why_untied: str = ""
    weak: Literal["", "always", "far"] = ""
    theme: str = ""
    amount: Amount | None = None
    highest: Amount | None = None
    doubtful: tuple[FigureMeant, ...] = ()
    number: int = 0
    wider: bool = False
    judged_as: str = ""
    sentence: int = 0

    @property
    def printed(self) -> Printed | None:
        """The number of the claim, if it has one."""
        return self.amount.printed if self.amount else read_printed(self.stated)

    @property
    def is_exact(self) -> bool:
        """Whether the number is meant as it is printed."""
        return self.amount is None or self.amount.is_exact

    def fits(self, lowest: float, highest: float) -> bool | None:
        """Tell whether the number is what the tables give; None where it is near enough to be meant so, or a bound."""
        if self.amount is not None:
            return self.amount.fits(lowest, highest)
        printed = self.printed
        return printed is not None and is_print_of(printed, lowest, highest)


def make_claim(
    kind: str, stated: str | Amount, readings: Sequence[FigureMeant] = (), why: str = "", **more: Any
) -> Claim:
    """Make the claim about readings, or one that is not judged for the reason `why`."""
    if isinstance(stated, Amount):
        stated, more = stated.text, {"amount": stated, **more}
    name = readings[0].indicator if readings else ""
    return Claim("", "", name, kind, stated, readings=tuple(readings), why_untied="" if readings else why, **more)


def read_typed_claims(path: Path, catalogue: Catalogue) -> list[Claim]:
    """Read the claims that a person has typed.

    Raises
    ------
    InputError
        With the row, for a missing column, an unknown indicator or kind, a period that can't be read or an id that is
        used twice.
    """
    if not path.exists():
        return []
    rows = csv.DictReader(io.StringIO(decode(path.name, path.read_bytes()), newline=""))
    missing = [name for name in TYPED_COLUMNS if name not in (rows.fieldnames or [])]
    if missing:
        raise InputError(f"{path.name}, row 1: the column {missing[0]!r} is missing.")
    claims: dict[str, Claim] = {}
    for number, row in enumerate(rows, start=2):
        typed = {name: (row[name] or "").strip() for name in TYPED_COLUMNS}
        claim = _read_row(typed, f"{path.name}, row {number}", catalogue)
        if claim.claim_id in claims:
            raise InputError(f"{path.name}, row {number}: the id {claim.claim_id!r} is used twice.")
        claims[claim.claim_id] = claim
    return list(claims.values())


def _read_row(row: dict[str, str], where: str, catalogue: Catalogue) -> Claim:
    kind = row["kind"]
    name = row["indicator"] or (_open_row(row["location"], catalogue) if kind in METRICS else "")
    if name and name not in catalogue.indicators:
        raise InputError(f"{where}: no indicator has the id {name!r}.")
    if kind not in TYPED_KINDS:
        raise InputError(f"{where}: the kind {kind!r} is not one of {', '.join(sorted(TYPED_KINDS))}.")
    place = row["location"]
    claim = Claim(row["claim_id"], place, name, kind, row["stated"], row["unit"], row["direction"])
    claim = replace(claim, group=place.partition(":")[0])
    if row["unit"] == "measures":
        claim = replace(claim, judged_as="measures", theme=find_theme(row["location"], catalogue))
    if not name or not row["period"]:
        return replace(claim, why_untied="no period is named" if name else "the report has no table of this")
    reading = _typed_reading({**row, "indicator": name}, where, catalogue)
    if kind == "share" and name.startswith(OPEN):
        reading = replace(reading, metric="part", base=reading.span, whole=name + OF_FORCE)
    return _typed_extreme(claim, reading) if kind == "extreme" else replace(claim, readings=(reading,))


def _open_row(location: str, catalogue: Catalogue) -> str:
    """The row of an open table that a place names, `…: total recorded crime, share of the county`."""
    named = re.sub(r"\(.*?\)", "", location.partition(":")[2].partition(",")[0]).strip()
    rows = [one for one in catalogue.indicators.values() if one.id.startswith(OPEN) and not one.id.endswith(OF_FORCE)]
    return next((one.id for one in rows if any(re.fullmatch(form, named, re.I) for form in one.phrases)), "")


def _typed_extreme(claim: Claim, reading: FigureMeant) -> Claim:
    """`lowest`, of the quarters of its year; or `each quarter`, which is a movement."""
    stated, year = claim.stated.lower(), reading.span.year
    quarters = [replace(reading, span=YearSpan(year, (quarter,))) for quarter in QUARTERS]
    if "each quarter" in stated or "every quarter" in stated:
        moves = [replace(now, metric="change", base=base.span) for base, now in pairwise(quarters)]
        return replace(claim, readings=tuple(moves), judged_as="each_quarter", direction=claim.direction or "up")
    if reading.span.is_year or not re.fullmatch(r"(?:at |the )*(?:highest|lowest).*", stated):
        return replace(claim, why_untied="the tables have no other years or areas to compare with")
    others = [one for one in quarters if one.span != reading.span]
    return replace(claim, readings=(reading, *others), direction="down" if "lowest" in stated else "up")


def find_theme(text: str, catalogue: Catalogue) -> str:
    """Find the theme that a text names by its title or the initials of it (VAWG), or an empty text."""
    for theme in catalogue.themes.values():
        initials = "".join(word[0].upper() for word in theme.title.split() if word.lower() not in ("and", "of", "the"))
        if theme.title.casefold() in text.casefold() or re.search(rf"\b{initials}\b", text):
            return theme.id
    return ""


def _typed_reading(row: dict[str, str], where: str, catalogue: Catalogue) -> FigureMeant:
    spans = [_read_span(part, where) for part in row["period"].split(" to ")]
    base = spans[0] if len(spans) > 1 else YearSpan(previous_year(spans[0].year), spans[0].quarters)
    share = catalogue.indicators[row["indicator"]].unit == "percent"
    counted = share and row["unit"] not in ("percent", "points", "")
    measure = "number" if counted else "value"
    return FigureMeant(row["indicator"], METRICS.get(row["kind"], "level"), spans[-1], base, measure)


def _read_span(text: str, where: str) -> YearSpan:
    match = _PERIOD.fullmatch(text.strip())
    year = read_financial_year(match["year"]) if match else None
    if match is None or year is None:
        raise InputError(f"{where}: the period {text!r} can't be read; write it like 2017-18 or 2017-18 Q4.")
    return YearSpan(year, (int(match["quarter"]),) if match["quarter"] else QUARTERS)
