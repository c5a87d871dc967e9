"""YAML that could hurt or mislead: each file ends in one sentence with its name, its line and the way out."""

from __future__ import annotations

from datetime import date

import pytest

from swp_analysis.catalogue.safe_yaml import DEEPEST, MOST_BYTES, MOST_PARTS, Document
from swp_analysis.errors import InputError

BOMB = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
REFUSED = {
    "a bomb of aliases": (BOMB, "line 1: .*anchors and aliases such as '&a' are not read; write the words out"),
    "an alias alone": ("a: 1\nb: *a\n", "line 2: .*aliases such as"),
    "a list that contains itself": ("- x\n- &l [*l]\n", "line 2: .*aliases such as '&l'"),
    "a star before a word": ("name: x\nwords: *important* news\n", "line 2: "),
    "a tag of Python": ("a: 1\nb: !!python/object/apply:os.system [ls]\n", "line 2: .*tags such as .*are not read"),
    "a tag of one's own": ("a: !thing x\n", "line 1: .*tags such as '!thing'"),
    "binary": ("a: 1\n\nb: !!binary aGVsbG8=\n", "line 3: .*tags such as"),
    "depth": ("a:\n  " + "[" * 5_000 + "\n", f"line 2: .*nested more than {DEEPEST} deep; check the brackets"),
    "depth by indentation": ("".join(f"{' ' * d}k:\n" for d in range(500)), f"line {DEEPEST + 1}: .*nested more"),
    "entries": ("- x\n" * (MOST_PARTS + 1), r"more than 100,000 entries"),
    "size": ("# " + "x" * MOST_BYTES, r"words.yml is larger than 2 MB; split it"),
    "an impossible day": ("- day: 2018-07-01\n- day: 2018-02-30\n", "line 2: .*'2018-02-30' looks like a date"),
    "an impossible hour": ("day: 2018-02-03 25:00:00\n", "line 1: .*looks like a date or a number and is none"),
    "a number of 5,000 digits": ("a: 1\nb: " + "9" * 5_000 + "\n", "line 2: .*looks like a date or a number"),
    "a key of brackets": ("a: 1\n? [x, y]\n: b\n", "line 2: .*can't be a key"),
    "a key twice": ("a: 1\nb: 2\na: 3\n", "words.yml line 3: the key 'a' stands twice"),
    "two documents": ("a: 1\n---\nb: 2\n", "line 2: .*another document"),
    "a bracket that is not closed": ("a: 1\nb: [x, y\n", "line 3: .*expected"),
    "a tab": ("a:\n\tb: 1\n", "line 2: "),
    "a control character": ("a: 1\nb: x\x07y\n", "line 2: .*delete it or type it again|line 2"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_could_hurt_is_refused_with_its_line(tmp_path, case):
    text, sentence = REFUSED[case]
    path = tmp_path / "words.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=sentence) as refusal:
        Document(path)
    assert len(str(refusal.value)) < 400
    assert "\n" not in str(refusal.value)


def test_what_is_not_utf_8_or_not_there_is_refused(tmp_path):
    path = tmp_path / "words.yml"
    path.write_bytes(b"a: 1\nb: caf\xe9\n")
    with pytest.raises(InputError, match=r"words\.yml line 2: .*not text in UTF-8; save the file as UTF-8"):
        Document(path)
    with pytest.raises(InputError, match=r"none\.yml can't be read: No such file"):
        Document(tmp_path / "none.yml")


def test_ordinary_values_are_read_with_their_lines(tmp_path):
    path = tmp_path / "words.yml"
    path.write_text("\ufeffa: 2018-02-03\nb:\n  - {c: 'é & *star*', d: 5%}\n", encoding="utf-8")
    document = Document(path)
    assert document.values == {"a": date(2018, 2, 3), "b": [{"c": "é & *star*", "d": "5%"}]}
    assert document.line(("b", 0, "d")) == 3
    (tmp_path / "empty.yml").write_text("# nothing yet\n", encoding="utf-8")
    assert Document(tmp_path / "empty.yml").values is None
