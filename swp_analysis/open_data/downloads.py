"""Files over HTTP that may be cut off. In: an address. Out: a file that is whole, or an error that says what to do.

A download goes on where it stopped; its size is held against what the publisher says before the file is kept.
"""

import hashlib
import http.client
import io
import json
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

from swp_analysis.errors import InputError

TRIES = 4
WAIT = 60  # seconds without a byte
PIECE = 1 << 20
LARGEST, LARGEST_PAGE = 4 << 30, 1 << 26
LOCAL = ("127.0.0.1", "localhost")
BY_HAND = "download it with a browser and file it with swp fetch --from FOLDER"


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a publisher to another address only where that has https, too."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        _require_https(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


OPENER = urllib.request.build_opener(_Redirects)


def open_address(url: str, first: int = 0, last: int | None = None, tag: str = "") -> Any:
    """Open an HTTP answer for the bytes from `first` to `last`, or for all of them.

    Raises
    ------
    InputError
        For an address that isn't https, or a server that refuses.
    """
    _require_https(url)
    headers = {"User-Agent": "swp-analysis (strategic assessment of a community safety partnership)"}
    if first or last is not None:
        headers["Range"] = f"bytes={first}-{'' if last is None else last}"
        headers |= {"If-Range": tag} if tag else {}
    try:
        return OPENER.open(urllib.request.Request(url, headers=headers), timeout=WAIT)
    except urllib.error.HTTPError as error:
        raise InputError(f"{_name(url)}: the server says {error.code} {error.reason}; {BY_HAND}.") from None
    except (urllib.error.URLError, OSError) as error:
        why = getattr(error, "reason", error)
        raise InputError(f"{_name(url)} could not be reached ({why}); try again, or {BY_HAND}.") from None


def _require_https(url: str) -> None:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOCAL:
        raise InputError(
            f"{url} is no https address, so nothing is fetched from it; mend data/raw/open/publishers.yml."
        )


def _name(url: str) -> str:
    return f"{urllib.parse.urlsplit(url).hostname}, {Path(urllib.parse.urlsplit(url).path).name}"


def read_json(url: str) -> Any:
    """Read what a publisher's page says of its files.

    Raises
    ------
    InputError
        When it sends something else, or is cut off each time.
    """
    for _ in range(TRIES):
        with open_address(url) as answer:
            try:
                return json.loads(answer.read(LARGEST_PAGE))
            except (ValueError, http.client.HTTPException, OSError):
                continue
    raise InputError(
        f"{_name(url)} sent no list of files that can be read; try again, mend its address in "
        f"data/raw/open/publishers.yml, or {BY_HAND}."
    )


def download(url: str, target: Path, size: int | None = None) -> str:
    """Write the file at an address, going on after a cut; its SHA-256.

    Parameters
    ----------
    size : what the publisher says of the file, held against what came.

    Raises
    ------
    InputError
        When it can't be fetched whole, or isn't what the publisher says; a file that was there before then stands.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    tag_file = target.with_name(target.name + ".tag")
    for _ in range(TRIES):
        if _fetch_more(url, part, tag_file):
            break
    else:
        raise InputError(f"{_name(url)} was cut off {TRIES} times; run the command again and it goes on, or {BY_HAND}.")
    tag_file.unlink(missing_ok=True)
    _check(url, part, size)
    part.replace(target)
    return digest_of(target)


def _fetch_more(url: str, part: Path, tag_file: Path) -> bool:
    """Append what is missing to the part; whether the file is whole then."""
    have = part.stat().st_size if part.is_file() else 0
    tag = tag_file.read_text(encoding="utf-8") if have and tag_file.is_file() else ""
    with open_address(url, have if tag else 0, tag=tag) as answer:
        went_on = answer.status == 206
        length = answer.headers.get("Content-Length")
        whole = (have if went_on else 0) + int(length) if length else None
        tag_file.write_text(answer.headers.get("ETag") or answer.headers.get("Last-Modified") or "", encoding="utf-8")
        with part.open("ab" if went_on else "wb") as file:
            try:
                while piece := answer.read(PIECE):
                    file.write(piece)
                    if file.tell() > LARGEST:
                        raise InputError(
                            f"{_name(url)} is larger than {LARGEST >> 30} GB, which no published table is; {BY_HAND}."
                        )
            except (http.client.IncompleteRead, OSError):
                return False
    return whole is None or part.stat().st_size == whole


def _check(url: str, part: Path, size: int | None) -> None:
    found = part.stat().st_size
    if size is not None and found != size:
        part.unlink()
        wrong = f"{found:,} bytes instead of {size:,}"
        raise InputError(f"{_name(url)} has {wrong}, so it was not kept; run the command again, or {BY_HAND}.")


def digest_of(path: Path) -> str:
    """Give the checksum of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class RemoteFile(io.RawIOBase):
    """A file at an address of which only the asked ranges are fetched, so that members of a zip can be read from it."""

    def __init__(self, url: str) -> None:
        self.url, self.place = url, 0
        with open_address(url, 0, 0) as answer:
            whole = answer.headers.get("Content-Range", "").rpartition("/")[2]
            if answer.status != 206 or not whole.isdigit():
                raise InputError(f"{_name(url)}: the server sends no parts of a file; {BY_HAND}.")
        self.size = int(whole)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.place = offset + (0, self.place, self.size)[whence]
        return self.place

    def readinto(self, buffer: Any) -> int:
        last = min(self.place + len(buffer), self.size) - 1
        if last < self.place:
            return 0
        content = self._read_range(last)
        buffer[: len(content)] = content
        self.place += len(content)
        return len(content)

    def _read_range(self, last: int) -> bytes:
        for _ in range(TRIES):
            try:
                with open_address(self.url, self.place, last) as answer:
                    return answer.read()
            except http.client.IncompleteRead as cut:
                if cut.partial:
                    return cut.partial
            except OSError:
                continue
        raise InputError(
            f"{_name(self.url)} was cut off {TRIES} times; run the command again and it goes on, or {BY_HAND}."
        )


def open_remote_zip(url: str) -> zipfile.ZipFile:
    """Open a zip at an address, of which only the list and the members that are read are fetched; each has its CRC
    checked.

    Raises
    ------
    InputError
        When the server sends no parts, or what it sends is no zip.
    """
    try:
        return zipfile.ZipFile(io.BufferedReader(RemoteFile(url), PIECE))
    except zipfile.BadZipFile as error:
        raise InputError(f"{_name(url)} is no zip ({error}); run the command again, or {BY_HAND}.") from None
