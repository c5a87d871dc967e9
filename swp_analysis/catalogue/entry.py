"""What every catalogue entry has in common. In: nothing. Out: the base that refuses a misspelt key, and `Source`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Entry(BaseModel):
    """A catalogue entry: no unknown key, no change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Source(Entry):
    """Where in which document a statement stands."""

    document: str
    place: str
