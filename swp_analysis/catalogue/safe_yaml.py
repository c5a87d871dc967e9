"""YAML that a person typed, read without trusting it. In: a file. Out: a `Document`: its values and the line of each,
or an `InputError` with file, line and the way out.

What makes YAML dangerous is refused before anything is built from it: anchors and aliases (a few lines can stand for
gigabytes, or contain themselves), tags (which ask for objects), deep nesting and huge files.
"""

import reprlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError, core_schema

from swp_analysis.catalogue.periods import read_financial_year
from swp_analysis.errors import InputError, did_you_mean
from swp_analysis.project import read_shipped

MOST_BYTES, MOST_PARTS, DEEPEST = 2_000_000, 100_000, 20
WAY_OUT = "; here or above, close each quote and bracket, put words with `: ` in quotes, and indent with spaces"
STRING_TAG = "tag:yaml.org,2002:str"
Place = tuple[str | int, ...]
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Entry(BaseModel):
    """A catalogue entry: no unknown key, no change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _check_year(text: str) -> str:
    if read_financial_year(text) != text:
        raise PydanticCustomError("financial_year", 'a financial year is written like "2017-18"')
    return text


FinancialYear = Annotated[str, AfterValidator(_check_year)]


class Source(Entry):
    """The document that a statement is from, and its place there."""

    document: str
    place: str


class Document:
    """One YAML file: its values, and the line of each."""

    def __init__(self, path: Path, *, empty: Any = None) -> None:
        """Read a file; a file that is missing or empty gives `empty`, where that is given."""
        self.path = path
        self._lines: dict[tuple[str, ...], int] = {}
        self._texts: list[tuple[Place, int, str]] = []
        self._constructor = yaml.SafeLoader("")
        text = "" if empty is not None and not path.exists() else self._read_text()
        try:
            self._refuse_dangerous(text)
            node = yaml.compose(text, Loader=_Loader)
            self.values: Any = self._build(node, (), node) if node else empty
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            own = isinstance(error, yaml.constructor.ConstructorError)
            problem = f"{error.problem or error.context}{'' if own else WAY_OUT}."
            raise self._error(mark.line + 1 if mark else 1, problem) from None
        except yaml.reader.ReaderError as error:
            line = text[: error.position].count("\n") + 1
            raise self._error(line, "a character that YAML does not allow; delete it or type it again.") from None

    def parse(self, shape: Any, place: Place = (), values: Any = None, known: Mapping[str, Any] | None = None) -> Any:
        """Read the values at `place` as `shape` (a type).

        `known`: by kind, the ids that a `Refers` may name; without it any name will do.

        Raises
        ------
        InputError
            With the line of the first thing that is wrong; its `problems` has all.
        """
        if values is None:
            values = self.values
            for step in place:
                values = values[step]
        try:
            return TypeAdapter(shape).validate_python(values, context=known)
        except ValidationError as error:
            keys = _keys_of(shape)
            # A misspelt key is also a missing one; the misspelling is what a person has to find.
            found = sorted(error.errors(include_url=False), key=lambda e: e["type"] != "extra_forbidden")
            problems = [f"{self.path.name} line {self.line((*place, *e['loc']))}: {_explain(e, keys)}" for e in found]
            raise InputError(problems[0], problems=list(dict.fromkeys(problems))) from None

    def line(self, place: Place) -> int:
        """Return the line of the deepest part of `place` that exists."""
        steps = tuple(map(str, place))
        known = (self._lines.get(steps[:depth]) for depth in range(len(steps), -1, -1))
        return next(filter(None, known), 1)

    def texts(self) -> Iterator[tuple[Place, int, str]]:
        """Give every text with its place and its line."""
        yield from self._texts

    def _read_text(self) -> str:
        try:
            with self.path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise InputError(f"{self.path.name} can't be read: {error.strerror or type(error).__name__}.") from None
        if len(content) > MOST_BYTES:
            raise InputError(f"{self.path.name} is larger than {MOST_BYTES // 1_000_000} MB; split it or shorten it.")
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            raise self._error(line, "it is not text in UTF-8; save the file as UTF-8.") from None

    def _refuse_dangerous(self, text: str) -> None:
        depth = 0
        for parts, event in enumerate(yaml.parse(text, Loader=_Loader)):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            line = event.start_mark.line + 1 if event.start_mark else 1
            if name := getattr(event, "anchor", None):
                raise self._error(
                    line, f"anchors and aliases such as '&{name}' are not read; write the words out, or in quotes."
                )
            if tag := getattr(event, "tag", None):
                raise self._error(line, f"tags such as {tag!r} are not read; delete it, or put the words in quotes.")
            if depth > DEEPEST:
                raise self._error(line, f"lists and entries are nested more than {DEEPEST} deep; check the brackets.")
            if parts > MOST_PARTS:
                raise self._error(line, f"the file has more than {MOST_PARTS:,} entries; split it or shorten it.")

    def _build(self, node: yaml.Node, place: Place, begins: yaml.Node) -> Any:
        """The plain value of a node; notes the line where it `begins`, and every text."""
        self._lines[tuple(map(str, place))] = begins.start_mark.line + 1
        if isinstance(node, yaml.SequenceNode):
            return [self._build(item, (*place, number), item) for number, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return {key: self._build(value, (*place, at.value), at) for key, at, value in self._read_keys(node)}
        if node.tag == STRING_TAG:
            self._texts.append((place, node.start_mark.line + 1, node.value))
        return self._construct(node)

    def _read_keys(self, node: yaml.MappingNode) -> Iterator[tuple[Any, yaml.Node, yaml.Node]]:
        seen: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise self._error(line, "a list or an entry in brackets can't be a key; put it in quotes.")
            if key.value in seen:
                raise InputError(f"{self.path.name} line {line}: the key {key.value!r} stands twice in one entry.")
            seen.add(key.value)
            yield self._construct(key), key, value

    def _construct(self, node: yaml.Node) -> Any:
        try:
            return self._constructor.construct_object(node)
        except (ValueError, OverflowError, TypeError, LookupError):
            shown = f"{str(node.value)[:40]!r} looks like a date or a number and is none"
            raise self._error(node.start_mark.line + 1, f"{shown}; correct it, or put it in quotes.") from None

    def _error(self, line: int, problem: str) -> InputError:
        return InputError(f"{self.path.name} line {line}: not readable as YAML: {problem}")


# The way out for a name that nothing defines, by what it should name.
_WAYS_OUT = {"area": "write it as the ONS does", "force": "write it as the ONS does"}


@dataclass(frozen=True)
class Refers:
    """Marks a text as the id of something else, which must be among the `known` of its kind."""

    noun: str

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return core_schema.with_info_after_validator_function(self._look_up, handler(source))

    def _look_up(self, name: str, info: Any) -> str:
        known = (info.context or {}).get(self.noun)
        if known is None or name in known:
            return name
        named = f"no {self.noun} is called" if self.noun in _WAYS_OUT else f"no {self.noun} has the id"
        hint = did_you_mean(name, known, _WAYS_OUT.get(self.noun, f"take it out, or add the {self.noun}"))
        raise PydanticCustomError("unknown_id", "{problem}", {"problem": f"{named} {name!r}{hint}"})


# What must be there instead, by what pydantic calls the fault or by the pattern; else its own words are shown.
_FAULTS = read_shipped(Path(__file__).with_name("faults.yml"))


def _explain(error: Any, keys: Iterable[str]) -> str:
    steps = [step for step in error["loc"] if isinstance(step, str) and step != "[key]"]
    key = steps[-1] if steps else ""
    if error["type"] == "extra_forbidden":
        return f"unknown key {key!r}{did_you_mean(key, keys, 'take it out')}"
    if error["type"] == "unknown_id":
        return error["msg"]
    if error["type"] == "missing":
        return f"the key {key!r} is missing; add it, docs/adopt.md has a template."
    pattern = error.get("ctx", {}).get("pattern")
    said = _FAULTS.get(error["type"]) or _FAULTS.get(pattern) or error["msg"].removeprefix("Value error, ")
    return f"{_name(key, error['input'])}: {said[0].lower()}{said[1:]}."


def _name(key: str, value: Any) -> str:
    """Name what is wrong: its key, and the value where that is a single one."""
    name = repr(key) if key else "the file"
    if value is None:
        return f"{name} is empty"
    return name if isinstance(value, dict | list) or value == key else f"{name} is {reprlib.repr(value)}"


def _keys_of(shape: Any) -> set[str]:
    """All keys that a shape or any part of it may have."""
    schema = TypeAdapter(shape).json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return {key for part in parts for key in part.get("properties", {})}
