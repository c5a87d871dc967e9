"""True and false sentences in the words of council papers, for the audit's benchmark.

Written from how such papers read, before the rules that read them and without a look at those. Nothing here comes from
`swp_analysis.audit`: figures are looked up in the observations. In: observations. Out: (sentence, is it true).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

LAST, THIS = "2016-17", "2017-18"
NAMES = {
    "knife_violence": ("knife crime", "violent crime involving a knife", "knife offences"),
    "firearm_violence": ("gun crime", "firearm offences", "violent crime involving a firearm"),
    "public_place_violence_with_injury": ("violence with injury in public places", "public place violence"),
    "personal_robbery": ("personal robbery", "personal robberies"),
    "youth_justice_first_time_entrants": ("first time entrants to the youth justice system",),
    "domestic_abuse_incidents": ("reported domestic abuse incidents", "domestic abuse incidents"),
    "serious_sexual_offences": ("serious sexual offences",),
    "marac_referrals": ("referrals to MARAC", "MARAC referrals"),
    "sarc_referrals": ("referrals to the Sexual Assault Referral Centre", "SARC referrals"),
    "prevent_referrals": ("Prevent referrals", "referrals to Prevent"),
    "hate_crime": ("hate crime", "recorded hate crime", "hate crimes"),
    "home_safety_checks": ("home safety checks", "home fire safety checks"),
    "female_genital_mutilation_incidents": ("FGM incidents", "reports of female genital mutilation"),
}
PLURAL = ("offences", "crimes", "incidents", "referrals", "checks", "robberies", "entrants", "places")
UNITS = {
    "referrals": ("marac_referrals", "sarc_referrals", "prevent_referrals"),
    "incidents": ("domestic_abuse_incidents", "female_genital_mutilation_incidents"),
    "visits": ("home_safety_checks",),
    "young people": ("youth_justice_first_time_entrants",),
}
WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
QUARTER_NAMES = [
    ("Q1", "quarter 1", "the first quarter", "April to June", "quarter one"),
    ("Q2", "quarter 2", "the second quarter", "July to September", "quarter two"),
    ("Q3", "quarter 3", "the third quarter", "October to December", "quarter three"),
    ("Q4", "quarter 4", "the final quarter", "January to March", "the last quarter of the year"),
]
SIZES = [
    *((2.0, "doubled"), (0.5, "halved"), (3.0, "tripled"), (4 / 3, "rose by a third"), (0.75, "fell by a quarter")),
    *((1.25, "rose by a quarter"), (0.8, "fell by a fifth"), (1.1, "rose by one in ten"), (2 / 3, "fell by a third")),
]
STYLES = {
    "committee report": (
        "Members are asked to note that {}.", "The Committee will wish to note that {}.", "{}.",
        "It should be noted that {}."),
    "scrutiny paper": ("Scrutiny heard that {}.", "The panel was told that {}.", "Officers reported that {}.", "{}."),
    "newsletter": ("Did you know that {}?", "{}!", "Good to know: {}.", "{}."),
    "press release": ("New figures show that {}.", "Figures released today reveal that {}.", "{}."),
    "board minutes": ("The Chair noted that {}.", "SG reported that {}.", "The Board noted that {}.", "{}."),
    "bullet list": ("- {}", "• {}", "* {};"),
    "table caption": ("Table 3: {}", "Figure 2. {}", "{}"),
    "briefing note": ("In summary, {}.", "Overall, {}.", "Performance summary: {}.", "{}."),
    "email": ("Hi all, {}.", "Just to flag that {}.", "As requested, {}.", "{}."),
    "cabinet paper": ("Cabinet is advised that {}.", "The latest data confirm that {}.", "{}."),
    "ward councillor's blog": ("I was pleased to hear that {}.", "You may have read that {}.", "{}."),
}  # fmt: skip


@dataclass(frozen=True)
class Counts:
    """One count's quarters of both years, and how to name it."""

    id: str
    name: str
    last: tuple[int, ...]
    this: tuple[int, ...]

    @property
    def many(self) -> bool:
        return self.name.endswith(PLURAL)

    @property
    def unit(self) -> str:
        return next((unit for unit, ids in UNITS.items() if self.id in ids), "offences")

    def be(self, past: bool = True) -> str:
        return ("were" if self.many else "was") if past else ("are" if self.many else "is")

    def have(self) -> str:
        return "have" if self.many else "has"


Maker = Callable[[random.Random, Counts, bool], "str | None"]


def wrong(rng: random.Random, right: int) -> int:
    """A number that nobody would call the same."""
    step = max(3, round(right * rng.choice([0.08, 0.15, 0.3])))
    return right + step if right - step < 1 or rng.random() < 0.5 else right - step


def number(rng: random.Random, value: int, true: bool = True) -> str:
    """Digits or words, as people write them."""
    value = value if true else wrong(rng, value)
    return WORDS[value] if 0 <= value < len(WORDS) and rng.random() < 0.6 else f"{value:,}"


def percent(rng: random.Random, before: int, after: int, true: bool = True) -> str:
    """A change in percent at one decimal or none."""
    exact = abs(100 * (after - before) / before)
    exact = exact if true else exact + rng.choice([4, 7, 12])
    shown = f"{exact:.1f}" if rng.random() < 0.6 or exact < 2 else f"{exact:.0f}"
    return shown + rng.choice(["%", "%", " per cent"])


def moved(rng: random.Random, before: int, after: int, true: bool = True) -> str:
    """A verb for the movement; the opposite for a false one."""
    up = (after > before) == true
    return rng.choice(["rose", "increased", "went up"] if up else ["fell", "decreased", "dropped", "went down"])


def year(rng: random.Random, which: str) -> str:
    start = int(which[:4])
    return rng.choice([f"{start}/{(start + 1) % 100}", f"{start}-{(start + 1) % 100}", f"{start}/{start + 1}"])


def quarter(rng: random.Random, place: int) -> str:
    return rng.choice(QUARTER_NAMES[place])


def make_pair(rng, c, true):
    b, a = sum(c.last), sum(c.this)
    if b == a:
        return None
    spoilt = rng.choice("ab") if not true else ""
    b_text = f"{wrong(rng, b) if spoilt == 'b' else b:,}"
    a_text = f"{wrong(rng, a) if spoilt == 'a' else a:,}"
    return rng.choice([
        f"{c.name} {moved(rng, b, a)} from {b_text} to {a_text}",
        f"{c.name} {moved(rng, b, a)} from {b_text} in {year(rng, LAST)} to {a_text} in {year(rng, THIS)}",
        f"there were {a_text} {c.name} in {year(rng, THIS)}, compared with {b_text} the year before"
        if c.many else f"{c.name} stood at {a_text} in {year(rng, THIS)}, against {b_text} the year before",
        f"{c.name}: {a_text} ({year(rng, THIS)}), {b_text} ({year(rng, LAST)})",
    ])  # fmt: skip


def make_change(rng, c, true):
    b, a = sum(c.last), sum(c.this)
    if abs(a - b) < 2:
        return None
    by = number(rng, abs(a - b), true)
    return rng.choice([
        f"{c.name} {moved(rng, b, a)} by {by} over the year",
        f"{c.name} {moved(rng, b, a)} by {by} {c.unit} compared with last year",
        f"we saw {by} {'more' if a > b else 'fewer'} {c.name} than in {year(rng, LAST)}" if c.many
        else f"{c.name} {c.have()} {'risen' if a > b else 'fallen'} by {by} since {year(rng, LAST)}",
        f"{c.name} ended the year {by} {'up' if a > b else 'down'} on {year(rng, LAST)}",
    ])  # fmt: skip


def make_percent(rng, c, true):
    b, a = sum(c.last), sum(c.this)
    if abs(a - b) / b < 0.015:
        return None
    p = percent(rng, b, a, true)
    return rng.choice([
        f"{c.name} {moved(rng, b, a)} by {p} in {year(rng, THIS)}",
        f"there was a {p} {'increase' if a > b else 'reduction'} in {c.name} over the twelve months",
        f"{c.name} {c.be(False)} {'up' if a > b else 'down'} {p} year on year",
        f"{c.name} {moved(rng, b, a)} by {p} compared to the previous year",
    ])  # fmt: skip


def make_direction(rng, c, true):
    b, a = sum(c.last), sum(c.this)
    if abs(a - b) < 2:
        return None
    verb = moved(rng, b, a, true)
    return rng.choice([
        f"{c.name} {verb} in {year(rng, THIS)}",
        f"{c.name} {verb} over the year",
        f"compared with {year(rng, LAST)}, {c.name} {verb}",
        f"{c.name} did not {'fall' if (a > b) == true else 'rise'} in {year(rng, THIS)}",
    ])  # fmt: skip


def make_quarter_level(rng, c, true):
    q = rng.randrange(4)
    v = number(rng, c.this[q], true)
    name = quarter(rng, q)
    year_words = rng.choice(["", "", f" of {year(rng, THIS)}"]) if " to " not in name and "year" not in name else ""
    return rng.choice([
        f"in {name}{year_words} there were {v} {c.name}" if c.many
        else f"{c.name} stood at {v} in {name}{year_words}",
        f"{name}{year_words} saw {v} {c.unit} of {c.name}" if not c.many else f"{name}{year_words} saw {v} {c.name}",
        f"{c.name} in {name}{year_words}: {v}",
    ])  # fmt: skip


def make_quarter_change(rng, c, true):
    q = rng.randrange(1, 4)
    before, after = c.this[q - 1], c.this[q]
    if abs(after - before) < 2:
        return None
    by = number(rng, abs(after - before), true)
    return rng.choice([
        f"{c.name} {moved(rng, before, after)} by {by} between Q{q} and Q{q + 1}",
        f"compared with the previous quarter, {c.name} {moved(rng, before, after)} by {by} in Q{q + 1}",
        f"Q{q + 1} saw {by} {'more' if after > before else 'fewer'} {c.unit if not c.many else c.name} than Q{q}"
        if c.many else f"{c.name} in Q{q + 1} was {by} {'higher' if after > before else 'lower'} than in Q{q}",
    ])  # fmt: skip


def make_same_quarter(rng, c, true):
    q = rng.randrange(4)
    before, after = c.last[q], c.this[q]
    if not before or abs(after - before) / before < 0.03:
        return None
    p = percent(rng, before, after, true)
    return rng.choice([
        f"compared with the same quarter last year, {c.name} in Q{q + 1} {moved(rng, before, after)} by {p}",
        f"{c.name} in {QUARTER_NAMES[q][1]} {c.be()} {p} {'higher' if after > before else 'lower'} than a year earlier",
        f"Q{q + 1} {c.name} {c.be()} {'up' if after > before else 'down'} {p} on Q{q + 1} {year(rng, LAST)}",
    ])  # fmt: skip


def make_part_of_year(rng, c, true):
    span, name = rng.choice([
        ((0, 1), "the first half of the year"), ((2, 3), "the second half of the year"),
        ((0, 1, 2), "the nine months to December 2017"), ((0, 1), "April to September 2017"),
        ((0, 1, 2), "the first three quarters"), ((2, 3), "the last six months of the year"),
    ])  # fmt: skip
    v = number(rng, sum(c.this[q] for q in span), true)
    return rng.choice([
        f"there were {v} {c.name} in {name}" if c.many else f"{c.name} totalled {v} in {name}",
        f"in {name}, {v} {c.name} were recorded" if c.many else f"in {name}, {c.name} came to {v}",
    ])  # fmt: skip


def make_extreme(rng, c, true):
    ranked = sorted(range(4), key=lambda q: c.this[q])
    if len(set(c.this)) < 4:
        return None
    high = rng.random() < 0.5
    best = ranked[-1] if high else ranked[0]
    q = best if true else rng.choice([one for one in range(4) if one != best])
    word = "highest" if high else "lowest"
    verb = "peaked" if high else "was at its lowest"
    return rng.choice([
        f"Q{q + 1} had the {word} number of {c.name} of {year(rng, THIS)}" if c.many
        else f"{c.name} was {word} in Q{q + 1} of {year(rng, THIS)}",
        f"{c.name} {verb if not c.many or high else 'were at their lowest'} in Q{q + 1}",
        f"{c.name} in {QUARTER_NAMES[q][1]} {c.be()} the {word} of the year",
    ])  # fmt: skip


def make_ordinal(rng, c, true):
    if len(set(c.this)) < 4:
        return None
    place = rng.choice([1, 2])
    ranked = sorted(range(4), key=lambda q: -c.this[q])
    q = ranked[place] if true else rng.choice([ranked[0], ranked[3]])
    word = ["", "second", "third"][place]
    return f"{c.name} in Q{q + 1} {c.be()} the {word} highest of the year"


def make_size_in_words(rng, c, true):
    b, a = sum(c.last), sum(c.this)
    ratio = a / b
    if true:
        close = [words for size, words in SIZES if abs(ratio - size) < 0.05 * size]
        if not close:
            return None
        return f"{c.name} {rng.choice(['almost', 'roughly', 'nearly'])} {rng.choice(close)} over the year"
    far = [words for size, words in SIZES if abs(ratio - size) > 0.15]
    return f"{c.name} {rng.choice(far)} {rng.choice(['over the year', 'in ' + year(rng, THIS)])}"


def make_about(rng, c, true):
    a = sum(c.this)
    rounded = round(a, -1 if a < 1000 else -2)
    if not true:
        rounded = int(round(a * rng.choice([0.75, 1.3]), -1))
    about = rng.choice(["about", "around", "approximately", "roughly"])
    return (
        f"{about} {rounded:,} {c.name} were recorded in {year(rng, THIS)}"
        if c.many
        else f"{c.name} stood at {about} {rounded:,} in {year(rng, THIS)}"
    )


def make_threshold(rng, c, true):
    a = sum(c.this)
    below = (a // 10) * 10 - (0 if a % 10 else 10)
    above = below + rng.choice([20, 30])
    over = rng.random() < 0.5
    limit = below if over == true else above
    if limit <= 0:
        return None
    word = rng.choice(["more than", "over"]) if over else rng.choice(["fewer than", "under"])
    return (
        f"there were {word} {limit:,} {c.name} in {year(rng, THIS)}"
        if c.many
        else f"{c.name} was {'above' if over else 'below'} {limit:,} in {year(rng, THIS)}"
    )


def make_floor(rng, c, true):
    low, high = min(c.this), max(c.this)
    step = max(2, low // 10)
    return rng.choice([
        f"{c.name} did not fall below {low if true else low + step} in any quarter of {year(rng, THIS)}",
        f"{c.name} never exceeded {high if true else high - step} in any quarter of {year(rng, THIS)}",
        f"{c.name} stayed above {low - 1 if true else low + step} in every quarter of {year(rng, THIS)}",
    ])  # fmt: skip


def make_average(rng, c, true):
    mean = sum(c.this) / 4
    shown = mean if true else mean * rng.choice([0.8, 1.25])
    text = f"{shown:.0f}"
    return rng.choice([
        f"{c.name} averaged {text} a quarter in {year(rng, THIS)}",
        f"on average there were {text} {c.name} per quarter in {year(rng, THIS)}" if c.many
        else f"an average of {text} {c.unit} of {c.name} a quarter was recorded in {year(rng, THIS)}",
    ])  # fmt: skip


def make_run(rng, c, true):
    up = [c.this[q] > c.this[q - 1] for q in (1, 2, 3)]
    down = [c.this[q] < c.this[q - 1] for q in (1, 2, 3)]
    rising = rng.random() < 0.5
    holds = all((up if rising else down)[1:])
    if holds != true:
        return None
    verb = rng.choice(["risen", "increased"] if rising else ["fallen", "decreased"])
    return f"{c.name} {c.have()} {verb} for two {rng.choice(['consecutive quarters', 'quarters in a row'])}"


def make_share_of_year(rng, c, true):
    q = rng.randrange(4)
    share = 100 * c.this[q] / sum(c.this) + (0 if true else rng.choice([-9, 9]))
    return rng.choice([
        f"{share:.0f}% of {c.name} in {year(rng, THIS)} {'were' if c.many else 'was'} recorded in Q{q + 1}",
        f"Q{q + 1} accounted for {share:.0f} per cent of the year's {c.name}",
    ])  # fmt: skip


def make_exact_quarters(rng, c, true):
    shown = list(c.this)
    if not true:
        place = rng.randrange(4)
        shown[place] = wrong(rng, shown[place])
    return f"{c.name} by quarter: {shown[0]} in Q1, {shown[1]} in Q2, {shown[2]} in Q3 and {shown[3]} in Q4"


SIMPLE: list[Maker] = [
    make_pair, make_change, make_percent, make_direction, make_quarter_level, make_quarter_change, make_same_quarter,
    make_part_of_year, make_extreme, make_ordinal, make_size_in_words, make_about, make_threshold, make_floor,
    make_average, make_run, make_share_of_year, make_exact_quarters,
]  # fmt: skip


def make_two(rng: random.Random, one: Counts, other: Counts, true: bool) -> str | None:
    """A comparison of two counts, or one verb for both."""
    a, b = sum(one.this), sum(other.this)
    if one.id == other.id or abs(a - b) < 5:
        return None
    both_up = sum(one.this) > sum(one.last) and b > sum(other.last)
    both_down = sum(one.this) < sum(one.last) and b < sum(other.last)
    word = "more" if (a > b) == true else "fewer"
    options = (
        [f"there were {word} {one.name} than {other.name} in {year(rng, THIS)}"] if one.many and other.many else []
    )
    if both_up or both_down:
        verb = ("rose" if both_up else "fell") if true else ("fell" if both_up else "rose")
        options.append(f"both {one.name} and {other.name} {verb} in {year(rng, THIS)}")
    changes = [sum(c.this) / sum(c.last) for c in (one, other)]
    if min(changes) > 1.02 and abs(changes[0] - changes[1]) > 0.05:
        options.append(
            f"{one.name} rose {'faster' if (changes[0] > changes[1]) == true else 'more slowly'} than {other.name}"
        )
    return rng.choice(options) if options else None


def list_counts(observations: pd.DataFrame, name: str) -> list[tuple[int, ...]]:
    """The quarters of both years of an indicator, in order."""
    rows = observations[observations["indicator"] == name].sort_values(["financial_year", "quarter"])
    return [tuple(int(v) for v in rows.loc[rows["financial_year"] == one, "value"]) for one in (LAST, THIS)]


def read_counts(observations: pd.DataFrame, rng: random.Random) -> Counts:
    """A random count with one of its names."""
    name = rng.choice(list(NAMES))
    return Counts(name, rng.choice(NAMES[name]), *list_counts(observations, name))


def dress(rng: random.Random, core: str) -> str:
    """The core in the words of a writer; a sentence begins with a capital."""
    frame = rng.choice(STYLES[rng.choice(list(STYLES))])
    text = frame.format(core if not frame.startswith("{") else core[0].upper() + core[1:])
    return text[0].upper() + text[1:]


def make_sentences(observations: pd.DataFrame, number_of_each: int, seed: int) -> list[tuple[str, bool]]:
    """As many true as false sentences, in turn; the same for the same seed."""
    rng = random.Random(seed)
    made: list[tuple[str, bool]] = []
    while len(made) < 2 * number_of_each:
        true = len(made) % 2 == 0
        counts = read_counts(observations, rng)
        if rng.random() < 0.1:
            core = make_two(rng, counts, read_counts(observations, rng), true)
        else:
            core = rng.choice(SIMPLE)(rng, counts, true)
        if core:
            made.append((dress(rng, core), true))
    return made
