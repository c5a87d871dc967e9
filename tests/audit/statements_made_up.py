"""Random statements about the shipped tables, true by construction, and the same with a wrong number planted."""

from __future__ import annotations

import math
import random
import re
from dataclasses import dataclass

from swp_analysis.audit.figures import TableFigures, YearSpan
from swp_analysis.engines.small_numbers.rounding import Printed, is_print_of, read_printed

YEARS = YearSpan("2016-17"), YearSpan("2017-18")
NAMES = {
    "knife_violence": ["Knife crime", "Violent crime with a knife or bladed weapon", "Knife-enabled offences"],
    "firearm_violence": ["Gun crime", "Firearm offences"],
    "public_place_violence_with_injury": ["Public place violence with injury", "PPVWI"],
    "public_place_violence_with_injury_offenders_10_24": ["Public place violence where the offender is aged 10-24"],
    "personal_robbery": ["Personal robbery", "Personal robbery offences"],
    "personal_robbery_victims_10_24": ["Personal robbery where the victim is 10-24yrs"],
    "youth_justice_first_time_entrants": ["First time entrants", "First-time entrants to the youth justice system"],
    "domestic_abuse_incidents": ["Domestic abuse incidents", "Domestic abuse"],
    "serious_sexual_offences": ["Serious sexual offences"],
    "marac_referrals": ["MARAC referrals", "Referrals to MARAC"],
    "hate_crime": ["Hate crime", "Recorded hate crime"],
    "prevent_referrals": ["Prevent referrals"],
    "sarc_referrals": ["SARC referrals"],
    "home_safety_checks": ["Home safety checks", "Home fire safety visits"],
}
# {b} {a} the two years, {d} the change, {p} the change in percent, {q} a quarter, {v} its figure, {w} the year before.
PROSE = [
    "{name} {went} from {b} to {a} ({p}%).",
    "{name} {went} by {d} to {a} in 2017/18.",
    "{name} {went} by {p}%, from {b} to {a}.",
    "{name} had been at {b} in 2016-17. In 2017-18 there were {a}.",
    "{name} stood at {a} this year, compared with {b} last year.",
    "There was {an} {noun} of {d} ({p}%) in {lower} over the year.",
    "{name} {went} {p}% year on year.",
    "{name}: {a} in 2017/18, {updown} from {b} in 2016/17.",
    "{name} ended the year at {a}, which is {d} {more} than in 2016/17.",
    "{name} totalled {a} during 2017-2018 and {b} the year before.",
    "A total of {a} was recorded for {lower} in 2017/18.",
    "{name} saw a {p}% {noun} this year.",
    "At the end of the year {lower} had {went_pp} by {d} since last year.",
    "In Q{q} of 2017/18 {lower} stood at {v}.",
    "{name} in Q{q} 2016/17: {w}.",
    "Compared with Q{q} of 2016/17, {lower} {qwent} by {qd} in Q{q} of 2017/18.",
]
COMMENTARY = [
    "The new baseline is {a}, which is {d} {more} than last year.",
    "This indicator has {went_pp} by {d} ({p}%) over the 12-month period.",
    "The baseline has {went_pp} from {b} to {a}.",
    "There has been {an} {noun} of {d} or {p}%.",
    "This year's baseline will be {a}. This is a {p}% {noun}.",
    "{updown_c} {d} on last year, to {a}.",
    "Q{q} saw {v}, {qd} {qmore} than the same quarter last year.",
    "The indicator is {d} {above} the baseline of {b}.",
    "There were {v} in Q{q} 2017/18 and {w} in Q{q} 2016/17.",
    "The figure was {b} last year and is {a} this year, {an} {noun} of {d}.",
]
UNIT = {"marac_referrals": "referrals", "prevent_referrals": "referrals", "sarc_referrals": "referrals"}


@dataclass(frozen=True)
class Statement:
    """A made-up text, the row it is commentary of (or none), and the figures in it that may be changed."""

    text: str
    row: str
    numbers: tuple[str, ...]


def write_percent(exact: float, rng: random.Random) -> str:
    """A percentage at 0 or 1 decimals, rounded or cut off."""
    decimals = rng.choice([0, 1, 1])
    scale = 10**decimals
    cut = math.floor(abs(exact) * scale + 1e-9) / scale
    return f"{rng.choice([round(abs(exact), decimals), cut]):.{decimals}f}"


def make_statement(rng: random.Random, figures: TableFigures) -> Statement:
    """A true statement about a random indicator in a random wording."""
    name = rng.choice(list(NAMES))
    b, a = (figures.get(name, span).value for span in YEARS)
    q = rng.randint(1, 4)
    w, v = (figures.get(name, YearSpan(span.year, (q,))).value for span in YEARS)
    if a == b or v == w or round(abs(100 * (a - b) / b)) == 0:
        return make_statement(rng, figures)
    up, qup = a > b, v > w
    words = {
        "name": rng.choice(NAMES[name]),
        "went": rng.choice(
            ["rose", "increased", "went up", "climbed"] if up else ["fell", "decreased", "went down", "dropped"]
        ),
        "went_pp": rng.choice(["risen", "increased", "grown"] if up else ["fallen", "decreased", "reduced"]),
        "qwent": "increased" if qup else "fell",
        "noun": rng.choice(["increase", "rise"] if up else ["decrease", "reduction", "fall"]),
        "more": rng.choice(["more", "higher"] if up else ["fewer", "lower"]),
        "qmore": "more" if qup else "fewer",
        "above": "above" if up else "below",
        "updown": "up" if up else "down",
        "updown_c": "Up" if up else "Down",
        **{
            key: f"{value:,.0f}" if rng.random() < 0.5 else f"{value:.0f}"
            for key, value in zip("bavw", (b, a, v, w), strict=True)
        },
        "d": f"{abs(a - b):.0f}",
        "qd": f"{abs(v - w):.0f}",
        "q": str(q),
        "p": write_percent(100 * (a - b) / b, rng),
    }
    words["an"] = "an" if words["noun"] == "increase" else "a"
    words["lower"] = (
        words["name"]
        if words["name"][:2].isupper() or words["name"][1:2].isupper()
        else words["name"][0].lower() + words["name"][1:]
    )
    in_row = rng.random() < 0.5
    template = rng.choice(COMMENTARY if in_row else PROSE)
    used = re.findall(r"\{(b|a|d|p|v|w|qd)\}", template)
    return Statement(template.format(**words), name if in_row else "", tuple(words[key] for key in used))


def plant_error(statement: Statement, rng: random.Random) -> Statement:
    """The statement with one figure replaced by one that neither rounds nor cuts to the true one."""
    old = rng.choice(statement.numbers)
    printed = read_printed(old)
    for _ in range(50):
        new = _wrong_number(printed, rng)
        # A wrong figure must not be what another rounding of the true one gives.
        if new.size > 0 and not is_print_of(new, printed.size) and abs(new.size - printed.size) >= 2 * printed.unit:
            break
    else:
        new = Printed(printed.size + 3 * printed.unit, printed.decimals)
    written = f"{new.size:,.{new.decimals}f}"
    changed = re.sub(rf"(?<![\d.,Q/-]){re.escape(old)}(?![\d/]|[.,]\d)", written, statement.text, count=1)
    return Statement(changed, statement.row, (written,))


def _wrong_number(printed: Printed, rng: random.Random) -> Printed:
    how = rng.choice(["near", "swap", "far"])
    digits = f"{printed.size:.{printed.decimals}f}"
    if how == "swap" and len(digits.replace(".", "")) > 1:
        whole = list(digits)
        places = [i for i, one in enumerate(whole) if one.isdigit()]
        i, j = rng.sample(places, 2)
        whole[i], whole[j] = whole[j], whole[i]
        return Printed(float("".join(whole)), printed.decimals)
    factor = rng.uniform(0.5, 1.6) if how == "far" else rng.uniform(0.95, 1.06)
    return Printed(round(printed.size * factor, printed.decimals), printed.decimals)
