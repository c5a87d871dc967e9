"""How far the figures can be trusted, where each stands and what was said of it while it was read, as tables. In: the
processed tables, judged claims, protected data. Out: what the data-quality page shows, with nothing in it that an
audience may not see.

Where a figure stands is shown to everyone; what quotes cells or lists what is withheld is for analysts only.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

import pandas as pd

from swp_analysis.audit.figures import HIDDEN
from swp_analysis.catalogue.models import Audience, Catalogue
from swp_analysis.catalogue.periods import display_year
from swp_analysis.disclosure import Protected, protect
from swp_analysis.errors import RunError
from swp_analysis.present.exhibit import ABSENT, Bullets, Fold, Prose, Showable, Stack
from swp_analysis.present.phrases import NOTHING, say
from swp_analysis.present.table import Table, figure_cell
from swp_analysis.present.words import name_in_words

# By the worst of three shares: figures shown, baselines that agree, statements that hold.
TRUST = ((0.95, "yes, all"), (0.75, "mostly"), (0.0, "in part"))
CLAIM_VERDICTS = ("confirmed", "contradicted", "different_scope", "no_table")
VERDICT_WORDS = {"contradicted": "Contradicted", "different_scope": "Another scope"}
NUMBER_KINDS = {"level", "previous_level", "baseline_new", "same_as", "sum", "share", "printed_baseline"}
ROW_COUNTS = {"achieved", "not_achieved", "rank", "extreme"}
YEARS_OF_A_BREAK = 2  # that a new way of recording takes to settle
WITHHELD = "The numbers are too small to share."


@dataclass(frozen=True)
class ReadingRecord:
    """Where each figure stands, what was decided on the way, what is due and has not come, and the indicator, year and
    quarter of each figure that its table calls provisional."""

    provenance: Fold
    decisions: Showable
    chase: Showable
    provisional: frozenset[tuple[str, str, int]] = frozenset()


@dataclass(frozen=True, repr=False, kw_only=True)
class QualityBriefing:
    """What an edition says of its own figures: checked, restated, unread, withheld.

    `data` and everything derived from it went through disclosure control; `reconciled`, `unread` and `revisions`
    likewise. `earlier` is what editions in reports/ have shown.
    """

    catalogue: Catalogue
    audience: Audience
    financial_year: str
    data: Protected
    reconciled: pd.DataFrame
    unread: pd.DataFrame
    revisions: pd.DataFrame
    claims: pd.DataFrame
    record: ReadingRecord
    earlier: tuple[Protected, ...] = ()

    @property
    def show_text(self) -> bool:
        """Whether the words of the sources are shown, as small numbers may be in them."""
        return not self.audience.suppress_below

    def reconciliation(self) -> Stack:
        """Give the printed baselines that differ from their quarters or can't be held against them; count the rest."""
        if self.reconciled.empty:
            return Stack([Prose(say("reconciled.none"), ABSENT)])
        counts = self.reconciled["verdict"].value_counts()
        figures = {"agree": counts.get("agrees", 0), "count": len(self.reconciled), "withheld": counts.get("withheld")}
        figures |= {"differ": counts.get("differs"), "apart": counts.get("not comparable")}
        rest = self.reconciled[self.reconciled["verdict"].isin(["differs", "not comparable"])]
        tables = [] if rest.empty else [self.tabulate_reconciliation(rest)]
        return Stack([Prose(say("reconciled.some", **figures)), *tables])

    def tabulate_reconciliation(self, reconciled: pd.DataFrame) -> Table:
        """Tabulate printed baselines against the sum of their quarters, differences first."""
        order = ["differs", "not comparable", "agrees", "withheld"]
        every: Iterable[Any] = reconciled.itertuples(index=False)
        rows = sorted(every, key=lambda row: order.index(row.verdict))
        units = {row.indicator: self.catalogue.indicators[row.indicator].unit for row in rows}
        figures = {
            name: ["withheld" if row.verdict == "withheld" else figure_cell(getattr(row, name), units[row.indicator])
                   for row in rows]
            for name in ("printed", "recomputed")
        }  # fmt: skip
        return Table.described("reconciliation", rows, label=self._label, **figures)

    def recording_breaks(self) -> Showable:
        """Give known changes in how things are recorded."""
        known, count = self.breaks_table, len(self.breaks_table.rows)
        return Fold(say("folded.breaks", count=count), known) if count else Prose(say("none_known.breaks"))

    @property
    def breaks_table(self) -> Table:
        """Known changes in how things are recorded that may move these figures, with the indicators of each."""
        indicators, first = self.catalogue.indicators, str(self.data.observations["period_start"].min())
        since = date.fromisoformat(first).replace(year=int(first[:4]) - YEARS_OF_A_BREAK, day=1)
        says = {"effect": say("line.new_level_effect")}
        levels = [
            says | {"indicators": [one.indicator], "what_changed": one.reason, "source": one.entered_by} | vars(one)
            for one in self.catalogue.rebases
        ]
        breaks = [one for one in [*map(vars, self.catalogue.recording_breaks), *levels] if one["date_from"] >= since]
        about = ["; ".join(indicators[name].label for name in one["indicators"]) for one in breaks]
        return Table.described("recording_breaks", breaks, about=about)

    def unread_cells(self) -> Showable:
        """Give cells that could not be read; small numbers in their text are for analysts only."""
        if self.unread.empty:
            return Prose(say("none_known.unread"))
        look = {"cell": _cell, "text": attrgetter("raw_value"), "note": "" if self.show_text else say("unread_note")}
        look |= {"reason": lambda row: name_in_words(row.reason, self.catalogue), **self._hide("text", "reason")}
        table = Table.described("unread", self.unread.itertuples(index=False), **look)
        return Fold(say("folded.unread", count=len(self.unread)), table)

    def restated_figures(self) -> Showable:
        """Give figures that a later report restates; others than analysts see neither their text nor those withheld."""
        rows, place = self.data.observations, ["indicator", "period_start"]
        reported = rows.loc[rows["status"] == "reported", place]
        shown = self.revisions if self.show_text else self.revisions.merge(reported, on=place)
        if shown.empty:
            return Prose(say("none_known.restated", every=self.show_text))
        look = {"was": attrgetter("raw_value_before"), "now": attrgetter("raw_value_now"), **self._hide("was", "now")}
        return Table.described("revisions", shown.itertuples(index=False), label=self._label, **look)

    def _label(self, row: Any) -> str:
        return self.catalogue.indicators[row.indicator].label if row.indicator else NOTHING

    def _hide(self, *columns: str) -> dict[str, None]:
        """What leaves these columns, which quote the sources, out of a table for others than analysts."""
        return {} if self.show_text else dict.fromkeys(columns)

    def suppressed_figures(self) -> Showable:
        """Give every figure that readers of protected figures do not get beside the `earlier` editions; for themselves
        only a sentence, since even the list of reasons would tell them more than the pages do."""
        if not self.show_text:
            return Prose(say("for_analysts"), ABSENT)
        readers: dict[int, list[str]] = {}
        for other in self.catalogue.audiences.values():
            if other.suppress_below:
                readers.setdefault(other.suppress_below, []).append(other.label)
        parts = [self._suppress_for(least, " and ".join(labels)) for least, labels in readers.items()]
        return parts[0] if len(parts) == 1 else Stack(parts)

    def _suppress_for(self, threshold: int, readers: str) -> Showable:
        try:
            hidden = protect(*self.data.frames, self.catalogue.indicators, threshold=threshold, earlier=self.earlier)
        except RunError as error:
            return Prose(f"{readers}: no edition can be made from these tables. {error}", "cannot-tell")
        if hidden.log.empty:
            return Prose(f"{readers}: no figure is withheld.")
        look: dict[str, Any] = {"label": self._label, "figure": _figure, "from_whom": lambda row: readers}
        look |= {"readers": readers, "note": f"{readers}: {hidden.loss}."}
        table = Table.described("withheld", hidden.log.itertuples(index=False), **look)
        return Fold(f"{table.caption} ({len(table.rows)})", table)

    def audit(self) -> Stack:
        """Give the claims that don't hold as stated, the contradicted ones first, and count those of each verdict.

        A claim about a row with a hidden figure is withheld, and so is one whose explanation names a row with a hidden
        year. The words of the source are shown only where small numbers may be.
        """
        shown = self.shown_claims
        if shown.empty:
            return Stack([Prose(say("checked.none"), ABSENT)])
        counts = Prose(_count_words(shown))
        wrong = shown[shown["verdict"].isin(VERDICT_WORDS)].sort_values("verdict", kind="stable")
        if wrong.empty:
            return Stack([counts])
        look: dict[str, Any] = {"where": lambda row: name_in_words(row.location, self.catalogue), "label": self._label}
        look |= {"words": attrgetter("words"), "verdict": lambda row: VERDICT_WORDS[row.verdict], **self._hide("words")}
        table = Table.described("claims", wrong.itertuples(index=False), **look)
        return Stack[Showable]([counts, Fold(say("folded.claims", count=len(wrong)), table)])

    @property
    def shown_claims(self) -> pd.DataFrame:
        """The claims, with everything blanked that rests on a figure withheld from these readers."""
        return hide_claims(self.claims, self.data, self.catalogue, self.audience.suppress_below)


def write_trust(shown: int, total: int, reconciled: pd.Series, claims: pd.Series) -> str:
    """Write whether the figures can be trusted: how many are there, agree with baselines, and were stated rightly."""
    agree, compared = int((reconciled == "agrees").sum()), int(reconciled.isin(["agrees", "differs"]).sum())
    held, judged = int((claims == "confirmed").sum()), int(claims.isin(["confirmed", "contradicted"]).sum())
    counts = (shown, total), (agree, compared), (held, judged)
    worst = min((part / whole for part, whole in counts if whole), default=0.0)
    answer = next(name for least, name in TRUST if worst >= least)
    named = zip(counts[1:], ("trust.baselines", "trust.statements"), strict=True)
    checked = [say(name, part=part, whole=whole) for (part, whole), name in named if whole]
    return say(f"trust.{answer}", "trust.shown", shown=shown, total=total, checked=checked)


def _cell(row) -> str:
    sheet = f", sheet {row.source_sheet}" if row.source_sheet else ""
    return f"{row.source_file}{sheet}, row {row.source_row}, column {row.source_column}" if row.source_row else NOTHING


def _figure(row) -> str:
    if row.quarter.isdecimal():
        return f"Q{row.quarter}"
    if row.quarter[:4].isdecimal():
        return f"{date.fromisoformat(row.quarter):%B %Y}"
    return {"year": "whole year"}.get(row.quarter, row.quarter)


def hide_claims(claims: pd.DataFrame, data: Protected, catalogue: Catalogue, threshold: int) -> pd.DataFrame:
    """Give the claims with everything blanked that rests on a hidden figure; their verdict becomes `withheld`."""
    shown = claims.copy()
    if not threshold:
        return shown
    hidden, hidden_years = hidden_indicators(data.observations), hidden_indicators(data.totals, data.baselines)
    rows = shown.itertuples(index=False)
    small = pd.Series([_is_small(row, threshold) for row in rows], index=shown.index, dtype=bool)
    # How many rows of a theme moved as asked speaks of the hidden rows too.
    counted = shown["indicator"].eq("") & shown["kind"].isin(ROW_COUNTS) & shown["recomputed"].ne("")
    hidden_of = shown["indicator"].isin(hidden | hidden_years)
    own = hidden_of | small | (counted & bool(hidden_years)) | _names(shown, hidden_years, catalogue)
    shown.loc[own, ["stated", "recomputed", "verdict", "explanation"]] = ["–", "", "withheld", WITHHELD]
    # A row whose years are shown may explain another one, as long as no quarter of it is quoted.
    quarter = _names(shown, hidden, catalogue) & shown["explanation"].str.contains(r"\bQ[1-4]\b")
    shown.loc[quarter, "explanation"] = "The table has another figure; the one that explains it is not shared."
    return shown


def _names(claims: pd.DataFrame, names: set[str], catalogue: Catalogue) -> pd.Series:
    """Whether an explanation names one of these indicators."""
    labels = [repr(catalogue.indicators[name].label) for name in names]
    return claims["explanation"].map(lambda text: any(label in text for label in labels)).astype(bool)


def hidden_indicators(*frames: pd.DataFrame) -> set[str]:
    """Give the indicators with a figure that the audience may not see in one of these protected frames."""
    return {name for frame in frames for name in frame.loc[frame["status"].isin(HIDDEN), "indicator"]}


def _is_small(row, threshold: int) -> bool:
    """Whether a claim states a count that would be hidden in a table."""
    if row.kind not in NUMBER_KINDS or "%" in row.stated or "£" in row.stated:
        return False
    return any(0 < int(number.replace(",", "")) < threshold for number in re.findall(r"\d[\d,]*", row.stated))


def _count_words(claims: pd.DataFrame) -> str:
    counts = dict.fromkeys(CLAIM_VERDICTS, 0) | claims["verdict"].value_counts().to_dict()
    parts = [say(f"checked.{name}", count=count) for name, count in counts.items()]
    return say("checked.all", count=len(claims), first=", ".join(parts[:-1]), last=parts[-1])


def record_reading(tables: Mapping[str, pd.DataFrame], catalogue: Catalogue, *, show_text: bool) -> ReadingRecord:
    """Give the record of a build, by its `observations`, `decisions`, `provisional` figures and what is to `chase`;
    `show_text` where small numbers may be shown."""
    told = tables["provisional"].dropna(subset="quarter")
    own: Iterable[Any] = told[told["area_code"].isin(tables["observations"]["area_code"])].itertuples()
    return ReadingRecord(
        Fold("The cell of each figure", tabulate_provenance(tables["observations"], catalogue)),
        _list_decisions(tables, show_text=show_text),
        tabulate_chase(tables["chase"], catalogue),
        frozenset((row.indicator, row.financial_year, int(row.quarter)) for row in own),
    )


def tabulate_provenance(observations: pd.DataFrame, catalogue: Catalogue) -> Table:
    """List for each indicator and year the cells that its figures come from, as a person would point at them."""
    place = ["source_file", "source_sheet", "source_row"]
    in_time = observations.sort_values("period_start", kind="stable")
    rows = []
    for (name, year), figures in in_time.groupby(["indicator", "financial_year"], sort=False):
        for (file, sheet, row), cells in figures.groupby(place, sort=False):
            letters = ", ".join(dict.fromkeys(cells["source_column"]))
            where = ", ".join(filter(None, (str(file), str(sheet), f"row {row}")))
            label = catalogue.indicators[str(name)].label
            rows.append({"label": label, "year": display_year(str(year)), "place": where, "letters": letters})
    return Table.described("provenance", rows)


def tabulate_chase(chase: pd.DataFrame, catalogue: Catalogue) -> Showable:
    """Tabulate what is due, who gives it, and since when; a number of days would change the page every day."""
    if chase.empty:
        return Prose("No data are overdue.")
    look = {"label": lambda row: catalogue.indicators[row.indicator].label}
    look |= {"quarter": lambda row: f"Q{row.quarter} {display_year(row.financial_year)}"}
    return Table.described("overdue", chase.itertuples(index=False), **look)


def _list_decisions(tables: Mapping[str, pd.DataFrame], *, show_text: bool) -> Showable:
    if show_text:
        made = Bullets("", list(tables["decisions"]["decision"]), when_empty="No decision was needed.")
        return Fold(say("folded.decisions", count=len(made.items)), made) if made.items else made
    return Prose(say("provisional.tables" if len(tables["provisional"]) else "", "for_analysts"), ABSENT)
