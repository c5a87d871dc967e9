"""True and false sentences about two rows or two periods that share words: "16 gun crimes and 49 knife crimes in Q2".

Each form meets each kind of period, so that what stands only once in a sentence must be read for all that it is of.
Nothing here comes from `swp_analysis.audit`. In: observations. Out: (sentence, is it true).
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import pandas as pd

from benchmarks.council_sentences import list_counts

NAMES = {
    "knife_violence": "knife crimes",
    "firearm_violence": "gun crimes",
    "personal_robbery": "personal robberies",
    "domestic_abuse_incidents": "domestic abuse incidents",
    "serious_sexual_offences": "serious sexual offences",
    "marac_referrals": "MARAC referrals",
    "sarc_referrals": "SARC referrals",
    "prevent_referrals": "Prevent referrals",
    "hate_crime": "hate crimes",
    "home_safety_checks": "home safety checks",
    "female_genital_mutilation_incidents": "FGM incidents",
}
# {A} {B} two rows, {k} a period and {o} an earlier one, {a} {b} {ao} {bo} their figures there; {da} {db} the changes,
# {ra} {rb} their movement, {rise} {up} {more} that of A; {g} how far apart they are, {h} the name of the higher one,
# {l} of the lower, {s} the sum of A in both periods; {y} a year and {q1} … {q4} its quarters of A. Behind the bar:
# what a false sentence spoils.
FORMS = [
    "there were {a} {A} and {b} {B} in {k} |a b", "in {k} there were {a} {A} and {b} {B} |a b",
    "{A} stood at {a} and {B} at {b} in {k} |a b", "{A} and {B} stood at {a} and {b} in {k} |a b",
    "in {k}, {A} and {B} stood at {a} and {b} respectively |a b", "{A} ({a}) and {B} ({b}) in {k} |a b",
    "{A} {ra} by {da} and {B} {rb} by {db} in {k} compared with {o} |da db",
    "compared with {o}, {A} {ra} by {da} and {B} {rb} by {db} in {k} |da db",
    "{A} {ra} by {da} and {B} {rb} by {db} between {o} and {k} |da db",
    "in {k}, {A} {ra} by {da} to {a} compared with {o}, while {B} {rb} by {db} to {b} |da a b",
    "{A} were {ao} in {o} and {a} in {k}, a {rise} of {da} |ao a da",
    "{A} in {k} were {a} ({o}: {ao}), {up} by {da} |a ao da", "{A} went from {ao} in {o} to {a} in {k} |ao a",
    "{A} stood at {a} in {k}, {up} from {ao} in {o} |ao a", "having been {ao} in {o}, {A} stood at {a} in {k} |ao a",
    "{a} {A} were recorded in {k}, against {ao} in {o} |a ao", "there were {da} {more} {A} in {k} than in {o} |da",
    "{A} were {a} in {k}; {B} were {bo} in {o} |a bo", "there were {a} {A} in {k} and {bo} {B} in {o} |a bo",
    "{h} exceeded {l} by {g} in {k} |g", "the gap between {A} and {B} was {g} in {k} |g",
    "{o} and {k} together saw {s} {A} |s", "{A} {y}: Q1 {q1}, Q2 {q2}, Q3 {q3}, Q4 {q4} |q1 q2 q3 q4",
    "{up} by {da} on {o}, {A} stood at {a} in {k} |da a", "{up} from {ao} in {o}, {A} reached {a} in {k} |ao a",
    "from {ao} in {o}, {A} {ra} to {a} in {k} |ao a", "{A} {ra} by {da} on {o}, to {a} in {k} |da a",
    "{A} {ra} by {da} in {k}, compared with {ao} in {o} |da ao",
    "at {a}, {A} in {k} were {da} {more} than in {o} |a da",
    "in {y}, {A} were {q1} in Q1, {q2} in Q2, {q3} in Q3 and {q4} in Q4 |q1 q2 q3 q4",
]  # fmt: skip
Years = Sequence[Sequence[int]]


def make_sentences(observations: pd.DataFrame, number_of_each: int, seed: int) -> list[tuple[str, bool]]:
    """As many true as false sentences, in turn; the same for the same seed."""
    rng, made = random.Random(seed), []
    counts = {name: list_counts(observations, name) for name in sorted(NAMES)}
    while len(made) < 2 * number_of_each:
        first, second = rng.sample(list(counts), 2)
        form, _, spoilt = rng.choice(FORMS).partition(" |")
        slots = slots_of(NAMES[first], NAMES[second], counts[first], counts[second], rng)
        if 0 in (slots["da"], slots["db"], slots["g"]) or ("{s}" in form and not slots["_adds"]):
            continue
        if len(made) % 2:
            name = rng.choice(spoilt.split())
            step = max(3, round(slots[name] * rng.choice([0.2, 0.35])))
            slots |= {name: slots[name] + (step if slots[name] <= step or rng.random() < 0.5 else -step)}
        text = form.format(**slots)
        made.append((f"{text[0].upper()}{text[1:]}.", not len(made) % 2))
    return made


def slots_of(first: str, second: str, one: Years, other: Years, rng: random.Random) -> dict:
    """Every figure and word that a form may hold, all true."""
    earlier, period, before, now = choose_periods(rng)
    ao, a, bo, b = (sum(row[year][q] for q in quarters) for row in (one, other) for year, quarters in (before, now))
    year = rng.randrange(2)
    words = ("rise", "up", "more") if a > ao else ("fall", "down", "fewer")
    return {
        "A": first, "B": second, "k": period, "o": earlier, "a": a, "b": b, "ao": ao, "bo": bo,
        "da": abs(a - ao), "db": abs(b - bo), "ra": "rose" if a > ao else "fell", "rb": "rose" if b > bo else "fell",
        **dict(zip(("rise", "up", "more"), words, strict=True)),
        "g": abs(a - b), "h": first if a > b else second, "l": second if a > b else first, "s": a + ao,
        "_adds": before[0] == now[0], "y": ("2016/17", "2017/18")[year],
        **{f"q{number}": value for number, value in enumerate(one[year], start=1)},
    }  # fmt: skip


def choose_periods(rng: random.Random) -> tuple[str, str, tuple, tuple]:
    """Two periods as they are printed, and the year's place and the quarters of each."""
    early, late = sorted(rng.sample(range(4), 2))
    halves = [("the first half of {}", (0, 1)), ("the second half of {}", (2, 3))]
    half, quarters = rng.choice(halves)
    ways = [
        (f"Q{early + 1}", f"Q{late + 1}", (1, (early,)), (1, (late,))),
        (f"Q{early + 1} of 2017/18", f"Q{late + 1} of 2017/18", (1, (early,)), (1, (late,))),
        (f"Q{early + 1} of 2016/17", f"Q{late + 1} of 2016/17", (0, (early,)), (0, (late,))),
        (f"Q{late + 1} 2016/17", f"Q{late + 1} 2017/18", (0, (late,)), (1, (late,))),
        (f"Q{late + 1} of 2016/17", f"Q{early + 1} of 2017/18", (0, (late,)), (1, (early,))),
        (half.format("2016/17"), half.format("2017/18"), (0, quarters), (1, quarters)),
        (*(words.format("2017/18") for words, _ in halves), (1, (0, 1)), (1, (2, 3))),
        ("2016/17", "2017/18", (0, (0, 1, 2, 3)), (1, (0, 1, 2, 3))),
    ]
    return rng.choice(ways)
