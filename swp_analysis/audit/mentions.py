"""Amounts and periods in a text: figures, number words, sizes in words; years, quarters, `last year`. In: words. Out:
`Amount`s, with how closely they are meant, and `PeriodMention`s.

`about 1,150`, `just under half`, `one in three`, `7 of 46`, `more than doubled`: each holds a size and how closely it
is meant. What is neither clearly right nor clearly wrong is left open. The forms of periods stand in `claims.yml`; the
names of their groups say what each part is. Months count as quarters where they are whole ones: `April to September
2017`, `the nine months to December`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from text_to_num import text2num

from swp_analysis.audit.figures import MONTHS
from swp_analysis.catalogue.claim_rules import ClaimRules
from swp_analysis.catalogue.periods import QUARTERS, financial_year_id, previous_year, read_financial_year
from swp_analysis.engines.small_numbers.rounding import Printed, is_print_of
from swp_analysis.ingest.timeline import MONTHS as MONTH_NAMES

# A run makes two readers of much the same rules, which are more patterns than Python itself remembers.
compile_form = cache(re.compile)

Metric = Literal["count", "percent", "points", "ratio"]
# Kinds of periods: what is about more than one figure, and what is said from another period.
BOTH_YEARS = {"both_years", "each_year", "two_years", "together", "eight_quarters"}
SCOPES = {*BOTH_YEARS, "every_quarter", "some_quarters"}
RELATIVE = {"last_year", "previous_quarter", "previous_month", "same_quarter", "quarter_on_quarter", "year_on_year"}


@dataclass(frozen=True)
class Amount:
    """A size with its metric; `bound` says how closely it is meant, `rough` that it stands in words of size."""

    size: float
    metric: Metric = "count"
    decimals: int = 0
    bound: str = "exactly"
    rough: bool = False
    negative: bool = False
    total: float | None = None
    unit: str = ""
    direction: str = ""
    text: str = ""

    @property
    def printed(self) -> Printed:
        """The number as the rounding rule takes it."""
        return Printed(self.size, self.decimals, self.negative)

    @property
    def is_exact(self) -> bool:
        """Whether it is meant as it is printed."""
        return self.bound == "exactly" and not self.rough

    def fits(self, lowest: float, highest: float | None = None) -> bool | None:
        """Tell whether a figure, or all of an interval, is this amount; None when that is open to argument."""
        if self.is_exact:
            return is_print_of(self.printed, lowest, highest)
        ends = sorted(abs(end) for end in (lowest, lowest if highest is None else highest))
        first, second = map(self._is_near, ends)
        return first if first == second and (first or not ends[0] < self.size < ends[1]) else None

    def _is_near(self, x: float) -> bool | None:
        off = abs(x - self.size) / self.size if self.size else float(x != 0)
        if self.bound in _BOUNDS:
            least, most, wrong_below, wrong_above = _BOUNDS[self.bound]
            share = x / self.size if self.size else _FAR if x else 1
            return True if least <= share <= most else False if not wrong_below <= share <= wrong_above else None
        # Rightly called so within 6% of the size, wrongly beyond 15%; a rounded figure also by its own steps.
        if off <= 0.06 or (self.bound == "about" and is_print_of(self.printed, x)):
            return True
        digits = str(int(self.size))
        step = 10.0 ** (len(digits) - len(digits.rstrip("0"))) if self.size >= 1 else 1
        far = off >= 0.08 and abs(x - self.size) >= 1.2 * step and not self.rough
        return False if off >= 0.15 or far else None


_FAR, _HAIR = 1e9, 1e-9
_MIRRORED = {"over": "under", "under": "over", "just_under": "just_over", "just_over": "just_under"}
# As a share of the amount: between which a figure is rightly said to be so, and beyond which it is wrong.
_BOUNDS = {
    "just_under": (0.9, 1 - _HAIR, 0.82, 1.02),
    "just_over": (1 + _HAIR, 1.1, 0.995, 1.2),
    "over": (1 + _HAIR, 1.6, 1 + _HAIR, _FAR),
    "under": (0.6, 1 - _HAIR, 0, 1 - _HAIR),
    "at_least": (1 - _HAIR, 1.6, 1 - _HAIR, _FAR),
    "at_most": (0.6, 1 + _HAIR, 0, 1 + _HAIR),
}


class AmountReader:
    """Finds the amount that begins at a place of a text, with the words that bound it and what it counts."""

    def __init__(self, rules: ClaimRules) -> None:
        bounds = "|".join(f"(?P<{name}>{'|'.join(words)})" for name, words in rules.bounds.items())
        self._bound = compile_form(rf"(?:{bounds}) (?:the (?=[\d,]+ mark\b))?", re.IGNORECASE)
        self._bounds = list(rules.bounds)
        self._forms = [(compile_form(rules.fill(form), re.IGNORECASE), kind) for kind, form in rules.amounts.items()]
        self._parts = rules.parts
        self._multiples = [
            (compile_form(rf"(?:{'|'.join(words)})\b", re.IGNORECASE), float(size))
            for size, words in rules.multiples.items()
        ]
        self._unit = compile_form(rf"[ -](?:{'|'.join(word for unit in rules.units for word in unit.words)})\b", re.I)

    def read(self, text: str, start: int) -> tuple[int, Amount] | None:
        """Read the end and the amount at `start`, or None where there is none."""
        bound = self._bound.match(text, start)
        found = self._read_plain(text, bound.end() if bound else start)
        if found is None:
            return None
        end, amount = found
        unit = self._unit.match(text, end) if amount.metric == "count" else None
        if bound:
            name = next(one for one in self._bounds if bound[one])
            # "more than halved" is less than half
            is_part = amount.metric == "ratio" and amount.size < 1
            amount = replace(amount, bound=_MIRRORED.get(name, name) if is_part else name)
        said = unit[0].strip(" -").lower() if unit else ""
        return unit.end() if unit else end, replace(amount, unit=said, text=text[start:end].strip())

    def _read_plain(self, text: str, start: int) -> tuple[int, Amount] | None:
        for form, size in self._multiples:
            if match := form.match(text, start):
                return match.end(), Amount(size, "ratio", rough=True, direction="up" if size > 1 else "down")
        for form, kind in self._forms:
            match = form.match(text, start)
            if match and (amount := self._amount(kind, groups_of(match))):
                return match.end(), amount
        return None

    def _amount(self, kind: str, said: dict[str, str]) -> Amount | None:
        if kind == "majority":
            return Amount(50, "percent", bound="over", rough=True)
        if kind == "fraction":
            top = read_spoken_count(said.get("top", "one"))
            return Amount(100 * top / self._parts[said.get("part", "half")], "percent", 2, rough=True)
        if kind == "in_every":
            top, whole = read_spoken_count(said["top"]), read_spoken_count(said["total"])
            return Amount(100 * top / whole, "percent", 2, rough=True) if top < whole <= 20 else None
        if kind == "of_total":
            return Amount(read_spoken_count(said["number"]), total=read_spoken_count(said["total"]))
        return _read_number(said["number"].rstrip(","), said.get("unit", ""))


def read_spoken_count(text: str) -> float:
    """Read a whole number in digits or words.

    >>> read_spoken_count("sixty-three"), read_spoken_count("1,151"), read_spoken_count("a hundred and twenty")
    (63.0, 1151.0, 120.0)
    """
    if re.search(r"\d", text):
        return float(text.replace(",", "").lstrip("+−-"))
    if "dozen" in text.lower():
        return 12.0
    return float(text2num(re.sub(r"^a(?= )", "one", text.lower().replace(",", "")), "en"))


def _read_number(text: str, unit: str) -> Amount | None:
    try:
        size = read_spoken_count(text)
    except ValueError:
        return None
    decimals = len(text.partition(".")[2]) if text[-1].isdigit() else 0
    metric: Metric = "points" if "point" in unit or "pp" in unit else "percent" if unit else "count"
    way = {"+": "up", "−": "down", "-": "down"}.get(text[0], "")
    return Amount(size, metric, decimals, negative=way == "down", direction=way)


@dataclass(frozen=True)
class PeriodMention:
    """What a period's words say: `kind`, and the year and the quarters where they name them; `number`: how many
    quarters, or 2 for a span that may be the ends of a change, 3 for one `by` which something was so."""

    kind: str
    year: str = ""
    quarters: tuple[int, ...] = ()
    number: int = 0

    @property
    def is_part(self) -> bool:
        """Whether it names a part of a year."""
        return self.quarters not in ((), QUARTERS)


def groups_of(match: re.Match) -> dict[str, str]:
    """Give the words of the groups that match, by what stands before `_` in their names.

    >>> groups_of(re.match("(?P<part_one>A half)|(?P<part>halves)", "A half"))
    {'part': 'a half'}
    """
    return {name.partition("_")[0]: words.lower() for name, words in match.groupdict().items() if words}


class PeriodReader:
    """Finds periods; `this year` is the year that a report is about."""

    def __init__(self, rules: ClaimRules, this_year: str, *, has_months: bool = False) -> None:
        self._this, self._numbers, self._has_months = this_year, rules.numbers, has_months
        self._year = compile_form(rules.fill("{fy}"), re.IGNORECASE)
        self._forms = [
            compile_form(rf"(?<![\w/-])(?:{rules.fill(form)})(?:'s)?(?!\w)", re.IGNORECASE)
            for form in rules.period_forms
        ]
        self._words = [
            (compile_form(rf"(?<![\w-])(?:{'|'.join(phrases)})(?![\w-])", re.IGNORECASE), kind)
            for kind, phrases in rules.periods.items()
        ]

    def find(self, text: str) -> Iterator[tuple[int, int, PeriodMention]]:
        """Find every period of a text with its place; they may overlap, and the longest is meant."""
        for form in self._forms:
            for match in form.finditer(text):
                said = groups_of(match)
                yield *match.span(), self._read(said, match[0].lower().startswith(("from ", "between ")))
        for form, kind in self._words:
            for match in form.finditer(text):
                named = self._year.search(match[0])
                year = self._this if kind == "this_year" else _read_year(named["year"]) if named else ""
                # "Last year" is the one before, or the one just ended.
                # "The same quarter" is none of a whole year's, as "the same period" may be.
                number = int(match[0].lower().startswith("last") or (kind == "same_quarter" and "quarter" in match[0]))
                yield *match.span(), PeriodMention(kind, year, number=number)

    def _read(self, said: dict[str, str], has_ends: bool) -> PeriodMention:
        if "month" in said:
            return _month(said["month"], said.get("calendar", ""), has_figure=self._has_months)
        if "nth" in said:
            return PeriodMention("nth", quarters=(self._numbers.get(said["nth"], 2),))
        if "calendar" in said and "end" not in said:
            return PeriodMention("other")  # the fourth quarter of 2017 ends in December, or in March
        joined = said.get("link", "")[:3] in ("and", "&") or "ends" in said
        quarters = self._quarters(said, joined)
        year = self._year_of(said, quarters)
        if "some" in said and not said.get("past", "").startswith("last"):
            return PeriodMention("some_quarters", year or "", number=self._numbers[said["some"]])
        if not quarters or year is None:
            return PeriodMention("other")
        # "From Q2 to Q3" may be all of it, or the two ends of a change; "in Q2 and Q3" is each of them.
        ends = 3 if "reached" in said else 2 if "first" in said and has_ends else 0
        return PeriodMention("every_quarter" if "both" in said else "each" if joined else "span", year, quarters, ends)

    def _quarters(self, said: dict[str, str], joined: bool) -> tuple[int, ...]:
        number = {name: self._numbers.get(words, 0) for name, words in said.items()}
        end = number.get("quarter") or _quarter_of(said.get("end", ""), ends=True)
        count = number.get("months", 0) // 3 or number.get("quarters", 0)
        if "first" in said and joined:
            return number["first"], number["last"]
        begins = {"first": number.get("first", 0), "begin": _quarter_of(said.get("begin", ""), ends=False), "until": 1}
        begins |= {"end": end - count + 1} if count else {}
        if (begin := next((begins[one] for one in begins if one in said), None)) is not None:
            last = number.get("last", end)
            return tuple(range(begin, last + 1)) if begin > 0 and last else ()
        if count or "side" in said:
            count = count or len(QUARTERS) // 2
            is_late = self._numbers.get(said.get("side", "first"), 2) > 1
            return QUARTERS[-count:] if is_late else QUARTERS[:count]
        return QUARTERS if said.keys() <= {"year"} else (end,) if end else ()

    def _year_of(self, said: dict[str, str], quarters: tuple[int, ...]) -> str | None:
        """The year's id, an empty text where none is named, or None where the words can't be one year."""
        if "year" in said:
            return _read_year(said["year"]) or None
        if "past" in said:
            return previous_year(self._this)
        calendar = said.get("calendar") or said.get("begun")
        if calendar and quarters:
            ends_in_spring = quarters[-1] == QUARTERS[-1] and "calendar" in said
            return financial_year_id(int(calendar) - ends_in_spring)
        return self._this if "now" in said else ""


def _month(name: str, calendar: str, *, has_figure: bool) -> PeriodMention:
    number = _month_number(name)
    year = financial_year_id(int(calendar) - (number < 4)) if calendar else ""
    kind, part = ("span", MONTHS[(number - 4) % 12]) if has_figure else ("month", (number - 4) // 3 % 4 + 1)
    return PeriodMention(kind, year, (part,))


def _month_number(name: str) -> int:
    return MONTH_NAMES.index(name[:3].lower()) + 1


def _quarter_of(month: str, *, ends: bool) -> int:
    """The quarter that a month ends, or begins; 0 where it does neither."""
    number = _month_number(month) if month else 0
    return (number - 4) // 3 % 4 + 1 if number and number % 3 == (0 if ends else 1) else 0


def _read_year(text: str) -> str:
    """`17/18` or `2017 - 2018` as a year's id; empty when it spans more than a year."""
    plain = re.sub(r"[^\d/–-]", "", text)
    return read_financial_year(plain if len(plain) > 5 else f"20{plain}") or ""
