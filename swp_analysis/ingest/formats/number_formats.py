"""What a spreadsheet shows for a stored value. In: a value and its cell's number format. Out: the text.

The rules are those of ECMA-376 part 1, 18.8.31: up to four sections for positive, negative, zero and text, or with
conditions; `;;;` shows nothing. Plain numbers and percentages keep what the format rounds away, to two decimals.
"""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from math import inf, isfinite

BUILT_IN = {
    **{0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00"},
    **{12: "# ?/?", 13: "# ??/??", 14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM"},
    **{19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "dd/mm/yyyy h:mm", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0"},
    **{39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0"},
    **{48: "##0.0E+0", 49: "@"},
}
_TOKEN = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]?|General|AM/PM|A/P|E[+-]|[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|.', re.S)
# French and other formats part thousands by a space, which means no other number.
_SPACED = re.compile(r"#\\?[ \u00a0\u202f]##0")
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)\]")
_CURRENCY = re.compile(r"\[\$([^\]-]*)[^\]]*\]")
_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    **{"<": operator.lt, ">": operator.gt, "=": operator.eq},
    **{"<=": operator.le, ">=": operator.ge, "<>": operator.ne},
}
_ALL, _ABOVE, _BELOW = (">=", -inf), (">", 0.0), ("<", 0.0)
_DEFAULTS = {1: (_ALL,), 2: ((">=", 0.0), _BELOW), 3: (_ABOVE, _BELOW, _ALL)}
_LONGEST = 255
TOO_WIDE = "####"
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.I)


@dataclass(frozen=True)
class _Section:
    """One section of a format: its condition, the tokens, and whether it is the one for negative numbers."""

    holds: Callable[[float, float], bool]
    limit: float
    tokens: tuple[str, ...]
    drops_sign: bool = False


def show_number(value: float, code: str, first_day: date = date(1899, 12, 30)) -> str:
    """Show what a number looks like; dates count from `first_day`.

    >>> [show_number(3, code) for code in ('[<5]"<5";0', ';;;', '0;-0;"N/A"', '0.0%', '0,')]
    ['<5', '', '3', '300%', '3 [shown in a way that is not read: 0,]']
    >>> show_number(43101, "mmm-yy"), show_number(1101, "# ##0")
    ('Jan-18', '1101')
    """
    if not isfinite(value):
        raise ValueError("a number without end")
    sections, _ = _sections(code)
    section = next((one for one in sections if one.holds(value, one.limit)), None)
    if section is None:
        return TOO_WIDE
    if _is_date(section.tokens):
        return _show_date(value, section.tokens, first_day)
    sign = "-" if value < 0 and not section.drops_sign else ""
    return _show_quantity(Decimal(repr(abs(float(value)))), sign, section.tokens)


def show_text(text: str, code: str) -> str:
    """Show what a text looks like: the format's fourth section may frame or hide it.

    >>> show_text("x", "General"), show_text("x", ";;;"), show_text("x", '0;0;0;"about "@')
    ('x', '', 'about x')
    """
    _, tokens = _sections(code)
    if tokens is None:
        return text
    return "".join(text if token == "@" else _literal(token) for token in tokens)


def exact(value: float | Decimal, is_percent: bool = False) -> str:
    """Give a plain number to two decimals, a percentage without its closing zeros.

    >>> exact(40.0), exact(0.436, True), exact(2.996)
    ('40', '43.6%', '2.996')
    """
    number = float(value) * (100 if is_percent else 1)
    if not isfinite(number):
        raise ValueError("a number without end")
    if abs(number - round(number)) < 1e-9:
        text = str(round(number))
    else:
        # NOTE: 2.996 must not turn into a whole number, unless the cell is a percentage.
        text = f"{number:.2f}".rstrip("0").rstrip(".")
        text = text if is_percent or "." in text else repr(number)
    return f"{text}%" if is_percent else text


# Sections


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[list[_Section], list[str] | None]:
    """The sections for numbers, and the tokens of the one for text."""
    parts = _split(_SPACED.sub("#,##0", code[:_LONGEST]) or "General")
    text = parts[-1] if len(parts) == 4 or "@" in parts[-1] else None
    parts = parts[:-1] if text is not None and len(parts) > 1 else parts
    defaults = _DEFAULTS[len(parts)]
    own = [next(filter(None, map(_CONDITION.fullmatch, part)), None) for part in parts]
    sections = []
    for number, (part, condition, default) in enumerate(zip(parts, own, defaults, strict=True)):
        is_rest = any(own) and condition is None and number == len(parts) - 1
        sign, limit = condition.groups() if condition else _ALL if is_rest else default
        tokens = tuple(token for token in part if not _CONDITION.fullmatch(token))
        drops_sign = number == 1 and not any(own)
        sections.append(_Section(_OPERATORS[sign], float(limit), tokens, drops_sign))
    return sections, text


def _split(code: str) -> list[list[str]]:
    """A format's sections as tokens; whatever follows the fourth is left out."""
    parts: list[list[str]] = [[]]
    for token in _TOKEN.findall(code):
        if token == ";":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts[:4]


def _literal(token: str) -> str:
    """What a token prints as it stands."""
    if token[0] == '"':
        return token[1:].removesuffix('"')
    if token[0] == "[":
        currency = _CURRENCY.fullmatch(token)
        return currency[1] if currency else ""
    return {"\\": token[1:], "_": " ", "*": ""}.get(token[0], token)


# Numbers


def _show_quantity(value: Decimal, sign: str, tokens: tuple[str, ...]) -> str:
    places = [index for index, token in enumerate(tokens) if token in "0#?" or token.casefold() == "general"]
    if not places:
        return (sign + "".join(exact(value) if token == "@" else _literal(token) for token in tokens)).strip()
    first, last = places[0], places[-1]
    middle, percents = tokens[first : last + 1], tokens.count("%")
    before, after = ("".join(map(_literal, part)) for part in (tokens[:first], tokens[last + 1 :]))
    is_odd = any(token not in "0#?.,%" for token in middle if token.casefold() != "general") or percents > 1
    if is_odd or after.startswith(","):  # which shows thousands for ones
        return f"{sign}{exact(value)} [shown in a way that is not read: {''.join(tokens)}]"
    if (before + after).strip() == "%" * percents:
        return sign + exact(value, is_percent=bool(percents))
    return f"{before}{sign}{_digits(value * Decimal(100) ** percents, middle)}{after}".strip()


def _digits(number: Decimal, middle: tuple[str, ...]) -> str:
    """A number rounded to the decimals of a format, with its thousands apart if the format parts them."""
    if middle[0].casefold() == "general":
        return exact(number)
    whole, _, decimals = "".join(middle).partition(".")
    kept = sum(mark in "0#?" for mark in decimals)
    rounded = number.quantize(Decimal(1).scaleb(-kept), ROUND_HALF_UP)
    text = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    return text if number >= 1 or "0" in whole else text.removeprefix("0")


# Dates


def _is_date(tokens: tuple[str, ...]) -> bool:
    return any(token[0] in "yYmMdDhHsS" or _ELAPSED.fullmatch(token) for token in tokens)


def _show_date(value: float, tokens: tuple[str, ...], first_day: date) -> str:
    """The day of a date; the time of day that may stand behind it says nothing of a period."""
    try:
        day = first_day + timedelta(days=int(value))
    except OverflowError:
        return TOO_WIDE
    kept = [token for n, token in enumerate(tokens) if not _is_time(token, tokens[max(0, n - 1) : n + 2])]
    if value < 0 or not any(token[0] in "yYmMdD" for token in kept):
        return f"{exact(value)} [shown as a time: {''.join(tokens)}]"
    return "".join(_part_of_date(day, token) for token in kept).strip()


def _is_time(token: str, beside: tuple[str, ...]) -> bool:
    is_minute = token[0] in "mM" and ":" in beside
    return is_minute or token[0] in "hHsS:" or token.upper() in ("AM/PM", "A/P") or bool(_ELAPSED.fullmatch(token))


def _part_of_date(day: date, token: str) -> str:
    kind, length = token[0].lower(), len(token)
    if kind == "y":
        return f"{day:%Y}" if length > 2 else f"{day:%y}"
    if kind == "d":
        return (f"{day.day}", f"{day:%d}", f"{day:%a}", f"{day:%A}")[min(length, 4) - 1]
    if kind == "m":
        return (f"{day.month}", f"{day:%m}", f"{day:%b}", f"{day:%B}", f"{day:%B}"[0])[min(length, 5) - 1]
    return _literal(token)
