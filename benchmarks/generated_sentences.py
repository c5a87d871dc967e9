"""How often is the audit wrong, and how much does it find, on sentences that nobody wrote for it?

Three grammars: the one below, with every kind of statement that the audit judges, `council_sentences`, written before
its rules, and `joined_sentences`, of statements that share words.

`python -m benchmarks.generated_sentences [NUMBER] [SEED]` prints for each how many true statements
were accused, how many false ones confirmed, how many false ones found, and how many that are not ours were judged.

In: the shipped tables. Out: a line a grammar, and the sentences that went wrong. A seed of 100 and above is the part
held out: rules are never changed for what it shows.
"""

from __future__ import annotations

import math
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from benchmarks import council_sentences, joined_sentences
from benchmarks.council_sentences import THIS, list_counts

SHARES = {
    "youth_custody_share": "The youth custody rate",
    "marac_repeat_share": "The MARAC repeat rate",
    "domestic_abuse_recordable_share": "The share of domestic abuse incidents that were recordable offences",
}
NAMES = {
    "knife_violence": "Knife crime",
    "firearm_violence": "Gun crime",
    "personal_robbery": "Personal robbery",
    "public_place_violence_with_injury": "Public place violence with injury",
    "personal_robbery_victims_10_24": "Personal robbery where the victim is aged 10 to 24",
    "domestic_abuse_incidents": "Domestic abuse",
    "serious_sexual_offences": "Serious sexual offending",
    "hate_crime": "Recorded hate crime",
}
# {n} the name; {b} {a} last year and this; {d} {p} {q} the change, in number, percent and whole percent; {up} {rise}
# the movement; {x} {y} a quarter's figure this year and last; {z} {i} {j} the quarter before, and numbers of both.
# The slots after a bar are those that a false statement may spoil.
TEMPLATES = {
    "pair": ["{n} {up} from {b} to {a}. |ba", "{n}: {a}, previously {b}. |", "{n} - {a} (PY {b}) |ba"],
    "year to date": ["{n} YTD: {a} vs {b} PY. |ba", "YTD {n} stands at {a} against {b} PY |ba"],
    "change": [
        "{n} {up} by {d} ({p}%). |dp",
        "A {rise} of {d} in {l} in 2017/18. |d",
        "{n} is {more} by {d} on 2016/17. |d",
    ],
    "to level": ["{n} {up} by {d} to {a}. |da", "{n} {up} {p} per cent to {a} this year. |pa"],
    "corrected": ["{n} {up} by {d} to {a}, having been {b}. |dab", "{n} {up} by {p}%, that is {d}. |pd"],
    "base in passing": ["{n} {up} by {p}%, from a base of {b}. |pb", "{n} {up} {p}% from a low base of {b}. |pb"],
    "quarter": ["{n} was {x} in Q{j}. |x", "Q{j} 2017/18 saw {l} at {x}. |x", "In {qn}, {l} came to {x}. |x"],
    "months": ["Between {months} {l} stood at {x}. |x", "{months_to}: {l} at {x} |x"],
    "half": ["{n} came to {h1} in the first half of 2017/18. |h1", "April to September: {h1} for {l}. |h1"],
    "nine months": ["{n} totalled {m9} by the end of Q3. |m9", "{l} reached {m9} in the first nine months. |m9"],
    "same quarter": ["Against the same quarter last year, {l} {qup} from {y} to {x} in Q{j}. |yx"],
    "previous quarter": ["{n} {zup} from {z} in Q{i} to {x} in Q{j}. |zx", "Q{j}: {l} {zup} by {zd} on Q{i}. |zd"],
    "words": ["{n} {up} by {dw}. |dw", "{n} came to {aw} in 2017-18. |aw"],
    "about": ["{n} came to roughly {ar} this year. |ar", "Around {ar} for {l} in 2017/18. |ar"],
    "over": ["{n} passed {below} in 2017/18. |below", "{n} was over {below} this year. |below"],
    "under": ["{n} stayed under {above} in 2017/18. |above", "{n} was below {above} for the year. |above"],
    "every quarter": [
        "{n} was at least {low} in every quarter. |low",
        "{n} was no higher than {high} in any quarter. |high",
    ],
    "mean": ["{n} averaged {mean} a quarter. |mean", "On average {l} stood at {month} a month. |month"],
    "peak": ["{n} peaked at {high}. |high", "At its lowest, {l} stood at {low} in 2017/18. |low"],
    "direction": ["{n} {up} year on year. |up", "{n} did not {other}. |up", "{n} has {pp}. |up"],
}
SHARE_TEMPLATES = [
    "{n} was {s}% in Q{j}. |s", "{n} stood at {s}% ({num} of {den}) in Q{j}. |s", "In Q{j} {l} was {s} per cent. |s",
]  # fmt: skip
NOT_OURS = [
    "{n} in Dudley {up} by {p}%.", "Nationally, {l} {up} by {d}.", "{n} is expected to reach {a} next year.",
    "The target for {l} is {a}.", "If {l} {up} by {d}, more officers would be needed.", "{n} {up} by {d} since 2012.",
    "Arrests for {l} {up} by {d}.", "{n} among women {up} to {a}.", "{n} in the city centre {up} by {d}.",
    "In May, {l} {up} by {d}.", "Weekly {l} {up} by {d}.", "{n} leading to arrest {up} by {d}.",
    "{n} – women only – {up} from {b} to {a}.", "{n} (under 15) {up} by {d} to {a}.", "Half the {l} came to {a}.",
    "{n} {up} from {b} to {a} in all but one ward.", "{n} officers: {a}.", "Convictions for {l} {up} by {d}.",
    "{n} {up} by {d}, mostly in Walsall.", "The cost of {l} {up} by {p}%.", "{n}, among adults, {up} by {d}.",
    "{n} with violence {up} to {a}.", "{n} per 1,000 residents {up} by {p}%.", "Average {l}: {a}.",
    "We hope to reduce {l} by {p}%.", "{n} linked to drugs came to {x} in Q{j}.", "Fear of {l} {up} by {p}%.",
]  # fmt: skip
WRITERS = [
    "{}", "Members are reminded that {}", "The Board noted that {}", "- {}", "Key message: {}",
    "Officers advised that {}",
    "We are pleased to report that {}", "Encouragingly, {}", "Figure 4: {}", "Scrutiny was informed that {}",
    "The latest figures show that {}", "Headline: {}", "Cllr Jones noted that {}", "In brief, {}",
]  # fmt: skip
ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
ONES += "seventeen eighteen nineteen".split()
TENS = "x x twenty thirty forty fifty sixty seventy eighty ninety".split()
MONTHS = ["April and June", "July and September", "October and December", "January and March"]
ORDINALS = ["the first quarter", "the second quarter", "the third quarter", "the final quarter"]


def in_words(number: int) -> str:
    """`151` as `one hundred and fifty-one`; larger ones in digits."""
    if number < 20:
        return ONES[number]
    if number < 100:
        return TENS[number // 10] + (f"-{ONES[number % 10]}" if number % 10 else "")
    rest = f" and {in_words(number % 100)}" if number % 100 else ""
    return f"{ONES[number // 100]} hundred{rest}" if number < 1000 else f"{number:,}"


def read_shares(observations: pd.DataFrame, name: str) -> list:
    """The quarters of this year of a share, in order, with the numbers behind them."""
    rows = observations[(observations["indicator"] == name) & (observations["financial_year"] == THIS)]
    return list(rows.sort_values("quarter").itertuples())


def slots_of(name: str, years: Sequence[Sequence[int]], rng: random.Random) -> dict[str, object]:
    """Every figure and word that a template may hold, all true."""
    last, this = years
    b, a, i = sum(last), sum(this), rng.randrange(3)
    x, y, z = this[i + 1], last[i + 1], this[i]
    label = NAMES[name]
    small = label[0].lower() + label[1:]
    up = a > b
    step = 10 ** max(1, int(math.log10(a)) - 1)
    return {
        "n": label, "l": small, "b": b, "a": a, "d": abs(a - b), "p": round(100 * abs(a - b) / b, 1),
        "up": rng.choice(["rose", "increased"] if up else ["fell", "decreased"]), "other": "fall" if up else "rise",
        "pp": "risen" if up else "fallen", "rise": "rise" if up else "fall", "more": "up" if up else "down",
        "x": x, "y": y, "z": z, "i": i + 1, "j": i + 2, "zd": abs(x - z), "zup": "rose" if x > z else "fell",
        "qup": "rose" if x > y else "fell", "qn": ORDINALS[i + 1], "months": MONTHS[i + 1],
        "months_to": MONTHS[i + 1].replace("and", "to"), "h1": this[0] + this[1], "m9": sum(this[:3]),
        "dw": abs(a - b), "aw": a, "ar": round(a / step) * step, "below": (a - 1) // step * step,
        "above": (a // step + 1) * step, "low": min(this), "high": max(this),
        "mean": round(a / 4), "month": round(a / 12),
        "_flat": a == b or x in (y, z),
    }  # fmt: skip


def spoil(slots: dict, slot: str, rng: random.Random) -> dict:
    """The slots with one of them wrong beyond argument."""
    value = slots[slot]
    if slot == "up":
        opposite = {"rose": "fell", "increased": "decreased", "fell": "rose", "decreased": "increased"}
        return slots | {"up": opposite[value],
                        "other": "rise" if slots["other"] == "fall" else "fall",
                        "pp": "fallen" if slots["pp"] == "risen" else "risen"}  # fmt: skip
    step = max(3, round(value * rng.choice([0.2, 0.35]), 1 if isinstance(value, float) else None))
    higher = slot in ("below", "low", "peak") or (slot not in ("above", "high") and rng.random() < 0.5)
    if slot == "low":
        step = max(step, 2)
    return slots | {slot: value + step if higher or value <= step else value - step}


def fill(template: str, slots: dict) -> str:
    shown = {key: in_words(value) if key in ("dw", "aw") else value for key, value in slots.items()}
    shown = {key: f"{value:,}" if isinstance(value, int) and key not in "ij" else value for key, value in shown.items()}
    text = template.format(**shown)
    return text[0].upper() + text[1:]


def make_statements(observations: pd.DataFrame, number_of_each: int, seed: int) -> list[tuple[str, str]]:
    """(`T` or `F` or `N`, sentence): as many true as false ones, and half as many that are not ours."""
    rng, made = random.Random(seed), []
    counts = {name: list_counts(observations, name) for name in NAMES}
    shares = {name: read_shares(observations, name) for name in SHARES}
    while sum(kind != "N" for kind, _ in made) < 2 * number_of_each:
        slots = slots_of(*rng.choice(list(counts.items())), rng)
        if slots["_flat"]:
            continue
        if rng.random() < 0.25:
            made.append(("N", dress(fill(rng.choice(NOT_OURS), slots), rng)))
        template, _, spoilable = rng.choice(TEMPLATES[rng.choice(list(TEMPLATES))]).partition("|")
        if rng.random() < 0.12:
            slots, template, spoilable = *share_slots(*rng.choice(list(shares.items())), rng), "s"
        numbers = [name for name, value in slots.items() if isinstance(value, int | float) and name not in "ij"]
        names = [one for one in numbers if f"{{{one}}}" in template and one in spoilable]
        if spoilable.strip() == "up":
            names = ["up"]
        made.append(("T", dress(fill(template.strip(), slots), rng)))
        if names:
            made.append(("F", dress(fill(template.strip(), spoil(slots, rng.choice(names), rng)), rng)))
    return made


def share_slots(name: str, rows: Sequence, rng: random.Random) -> tuple[dict, str]:
    row, label = rng.choice(rows), SHARES[name]
    known = row.denominator == row.denominator and row.numerator == row.numerator
    slots = {"n": label, "l": label[0].lower() + label[1:], "s": float(row.value), "j": row.quarter}
    slots |= {"num": int(row.numerator), "den": int(row.denominator)} if known else {}
    return slots, rng.choice(SHARE_TEMPLATES[:: 1 if known else 2]).partition("|")[0]


def dress(text: str, rng: random.Random) -> str:
    frame = rng.choice(WRITERS)
    return frame.format(text if frame == "{}" or text[1:2].isupper() else text[0].lower() + text[1:])


def judge_all(sentences: Sequence[tuple[str, str]], figures, year: str) -> Iterator[tuple[str, str, str]]:
    """(kind, outcome, sentence); an outcome is `accused`, `confirmed` or `not judged`."""
    from swp_analysis.audit.judge_text import judge_passages
    from swp_analysis.ingest.records import ReportPassage

    passages = [ReportPassage(str(n), f"g{n}", text) for n, (_, text) in enumerate(sentences)]
    found = judge_passages(passages, figures, year).groupby("place")["verdict"].agg(set)
    for n, (kind, text) in enumerate(sentences):
        verdicts = found.get(str(n), set())
        accused = bool(verdicts & {"contradicted", "different_scope"})
        yield kind, "accused" if accused else "confirmed" if "confirmed" in verdicts else "not judged", text


def main() -> None:
    """Judge each grammar and print what came of it."""
    from swp_analysis.audit.judge_text import figures_of_year
    from swp_analysis.ingest.read_year import read_editions
    from swp_analysis.project import Project

    number, seed = (int(one) for one in [*sys.argv[1:], *("2000", "100")[len(sys.argv) - 1 :]])
    project = Project(Path(__file__).resolve().parents[1])
    figures, year = figures_of_year(project, THIS)
    observations = read_editions(project.raw, THIS, figures.catalogue).observations
    council, joined = (
        [("T" if true else "F", text) for text, true in one.make_sentences(observations, number, seed)]
        for one in (council_sentences, joined_sentences)
    )
    own = make_statements(observations, number, seed)
    for name, made in (("own grammar", own), ("council grammar", council), ("joined statements", joined)):
        judged = list(judge_all(made, figures, year))
        counts = Counter((kind, outcome) for kind, outcome, _ in judged)
        total = Counter(kind for kind, _, _ in judged)
        print(
            f"{name}: {counts['T', 'accused']} of {total['T']} true accused, {counts['F', 'confirmed']} of "
            f"{total['F']} false confirmed, {counts['F', 'accused']} false found "
            f"({100 * counts['F', 'accused'] / total['F']:.0f}%), {counts['T', 'confirmed']} true confirmed, "
            f"{total['N'] - counts['N', 'not judged']} of {total['N']} not ours judged"
        )
        bad = {("T", "accused"), ("F", "confirmed"), ("N", "accused"), ("N", "confirmed")}
        for kind, outcome, text in judged:
            if (kind, outcome) in bad:
                print(f"  {kind} {outcome}: {text}")


if __name__ == "__main__":
    main()
