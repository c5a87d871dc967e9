"""Fetching from publishers that cut off, rename and mislead: a local server stands in for them; nothing else is
asked."""

from __future__ import annotations

import io
import json
import re
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml

from swp_analysis.errors import InputError
from swp_analysis.open_data.downloads import download
from swp_analysis.open_data.fetch import fetch
from swp_analysis.open_data.raw_files import file_folder, open_filing
from swp_analysis.open_data.reader import open_data
from tests.open_data.conftest import HEADER, crime_rows, write_csv
from tests.open_data.test_places import STREET, street_row

CSP_NAME, PFA_NAME, GEO_NAME = (
    "prc-csp-mar2021-mar2026-tables-230726.csv",
    "prc-pfa-mar2013-onwards-tables-230726.csv",
    "recrime-geo-pfa.csv",
)


class Publisher(ThreadingHTTPServer):
    """Serves `content` by path; the first `cuts` answers end half way, and `ranges` says whether parts are sent."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.content: dict[str, bytes] = {}
        self.cuts, self.ranges, self.asked, self.tag = 0, True, [], '"one"'

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        server: Publisher = self.server
        body, wanted = server.content.get(self.path.partition("?")[0]), self.headers.get("Range")
        server.asked.append((self.path, wanted))
        if body and body.startswith(b"to "):
            self.send_response(302)
            self.send_header("Location", body[3:].decode())
            self.end_headers()
            return
        if body is None:
            self.send_error(404)
            return
        first, last, partial = 0, len(body) - 1, bool(wanted) and server.ranges
        partial = partial and self.headers.get("If-Range", server.tag) == server.tag
        if partial:
            ends = wanted.removeprefix("bytes=").split("-")
            first, last = int(ends[0]), min(int(ends[1] or last), last)
        self.send_response(206 if partial else 200)
        if partial:
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(body)}")
        self.send_header("ETag", server.tag)
        self.send_header("Content-Length", str(last + 1 - first))
        self.end_headers()
        part = body[first : last + 1]
        if server.cuts > 0 and len(part) > 1:
            server.cuts -= 1
            part = part[: len(part) // 2]
        self.wfile.write(part)

    def log_message(self, *args):
        pass


@pytest.fixture
def publisher():
    server = Publisher()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def page(publisher, names, **sizes):
    attached = [
        {
            "title": name,
            "url": f"{publisher.address}/media/x/{name}",
            "content_type": "x",
            **({"file_size": sizes["size"]} if sizes else {}),
        }
        for name in names
    ]
    publisher.content["/page"] = json.dumps({"details": {"attachments": attached}}).encode()


@pytest.fixture
def filing(project, publisher):
    """A project whose publishers are the local server."""
    own = {
        "home_office": {"page": f"{publisher.address}/page"},
        "areas": {"tables": [], "services": f"{publisher.address}/arcgis"},
        "ons_csp": {"page": f"{publisher.address}/ons/data", "file": publisher.address + "/file?uri={uri}/{file}"},
        "police_uk": {"archive": publisher.address + "/archive/{edition}.zip"},
        "population": {"url": f"{publisher.address}/mye.csv"},
    }
    (project.raw / "open" / "publishers.yml").write_text(yaml.safe_dump(own), encoding="utf-8")
    rows = io.StringIO()
    rows.write("\n".join(",".join(map(str, row)) for row in [HEADER, *crime_rows()]))
    names = [CSP_NAME, PFA_NAME, GEO_NAME]
    page(publisher, names)
    publisher.content |= {f"/media/x/{name}": rows.getvalue().encode() for name in names[:2]}
    publisher.content[f"/media/x/{GEO_NAME}"] = (
        b"CSP Name,Force Name,Region,ONS Code\nAshford,Kent,South East,E22000137\n"
    )
    publisher.content["/ons/data"] = json.dumps({"datasets": [{"uri": "/ons/yearendingjune2025"}]}).encode()
    publisher.content["/ons/yearendingjune2025/data"] = json.dumps({"downloads": []}).encode()
    publisher.said = []
    return open_filing(project.raw / "open", publisher.said.append)


def names_there(project):
    return sorted(path.relative_to(project.raw / "open").as_posix() for path in (project.raw / "open").rglob("*.csv"))


def test_crime_is_fetched_filed_by_edition_and_its_licence_said(project, publisher, filing):
    fetch("crime", filing, open_data(project))
    assert names_there(project) == [
        f"areas/undated/{GEO_NAME}",
        f"home_office_prc/2026-07-23/{PFA_NAME}",
        f"home_office_prc_csp/2026-07-23/{CSP_NAME}",
    ]
    entry = json.loads((project.raw / "open/home_office_prc/2026-07-23/fetched.json").read_text(encoding="utf-8"))[
        "files"
    ][0]
    assert entry["url"].endswith(PFA_NAME)
    assert {"date", "sha256", "licence", "edition"} <= set(entry)
    assert sum("Open Government Licence v3.0" in line for line in publisher.said) == 3
    assert open_data(project).find("Ashford").area_code == "E22000137"


def test_a_second_fetch_asks_only_the_page(project, publisher, filing):
    fetch("crime", filing, open_data(project))
    publisher.asked.clear()
    fetch("crime", open_filing(project.raw / "open", print), open_data(project))
    assert not [path for path, _ in publisher.asked if path.startswith("/media")]


@pytest.mark.parametrize("ranges", [True, False])
def test_a_download_that_is_cut_goes_on_or_begins_again_and_is_whole(tmp_path, publisher, ranges):
    publisher.content["/x.csv"], publisher.cuts, publisher.ranges = b"0123456789" * 5000, 2, ranges
    download(f"{publisher.address}/x.csv", tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_bytes() == publisher.content["/x.csv"]
    assert [wanted for _, wanted in publisher.asked[1:]] == [
        "bytes=25000-",
        "bytes=37500-" if ranges else "bytes=25000-",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]


def test_one_that_never_ends_is_said_and_goes_on_next_time(tmp_path, publisher):
    publisher.content["/x.csv"], publisher.cuts = b"0123456789" * 5000, 99
    with pytest.raises(InputError, match="was cut off 4 times; run the command again and it goes on"):
        download(f"{publisher.address}/x.csv", tmp_path / "x.csv")
    assert not (tmp_path / "x.csv").exists()
    publisher.cuts = 0
    download(f"{publisher.address}/x.csv", tmp_path / "x.csv")
    assert publisher.asked[-1][1] == "bytes=46875-"


def test_a_file_that_was_replaced_after_a_cut_is_fetched_anew_never_mixed(tmp_path, publisher):
    publisher.content["/x.csv"], publisher.cuts = b"0123456789" * 5000, 99
    with pytest.raises(InputError, match="was cut off"):
        download(f"{publisher.address}/x.csv", tmp_path / "x.csv")
    publisher.content["/x.csv"], publisher.tag, publisher.cuts = b"abcdefghij" * 6000, '"two"', 0
    download(f"{publisher.address}/x.csv", tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_bytes() == publisher.content["/x.csv"]


def test_an_address_that_sends_on_to_one_without_https_is_refused(tmp_path, publisher):
    publisher.content["/x.csv"] = b"to http://example.org/elsewhere.csv"
    with pytest.raises(InputError, match="no https address"):
        download(f"{publisher.address}/x.csv", tmp_path / "x.csv")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"<html>We have moved</html>", b'{"details": '])
def test_a_page_that_lists_no_files_is_said_with_the_way_out(project, publisher, filing, content):
    publisher.content["/page"] = content
    with pytest.raises(InputError, match=r"sent no list of files .*publishers.yml, or download it with a browser"):
        fetch("crime", filing, open_data(project))


def test_a_page_that_is_cut_is_asked_again(project, publisher, filing):
    publisher.cuts = 1
    fetch("crime", filing, open_data(project))
    assert len(names_there(project)) == 3


@pytest.mark.parametrize("content", [b"[]", b'{"datasets": []}', b'{"datasets": [{"title": "x"}]}'])
def test_an_ons_page_of_another_form_is_said(project, publisher, filing, content):
    publisher.content["/ons/data"] = content
    with pytest.raises(InputError, match="ONS page of crime by partnership lists no version"):
        fetch("crime", filing, open_data(project))


def test_tables_of_the_ons_and_populations_are_filed_by_edition(project, publisher, filing):
    publisher.content["/ons/yearendingjune2025/data"] = json.dumps({"downloads": [{"file": "c2.csv"}]}).encode()
    publisher.content["/file"] = b"one,two\n"
    publisher.content["/mye.csv"] = b"GEOGRAPHY_CODE,DATE,OBS_VALUE\nE08000031,2023,5\n"
    fetch("crime", filing, open_data(project))
    fetch("population", filing, open_data(project))
    assert "ons_csp/2025-06/c2.csv" in names_there(project)
    assert any(
        re.fullmatch(r"population/census-2021-[\d-]+/mid_year_estimates.csv", name) for name in names_there(project)
    )


@pytest.mark.parametrize("answer", [{"features": []}, {"error": {"code": 400}}])
def test_a_map_service_that_sends_nothing_is_said(filed, publisher, filing, answer):
    fit = [("E01010401", "E01010401", "U", "E08000031")]
    write_csv(filed.raw / "open" / "areas" / "fit.csv", fit, ["LSOA11CD", "LSOA21CD", "CHGIND", "LAD22CD"])
    month = [street_row("2022-01", "E01010401", "Burglary")]
    write_csv(filed.raw / "open" / "street" / "2022-01-west-midlands-street.csv", month, STREET)
    service = filing.publishers["areas"]["ward_lookup"]["service"]
    publisher.content[f"/arcgis/{service}/FeatureServer/0/query"] = json.dumps(answer).encode()
    data = open_data(filed)
    with pytest.raises(InputError, match=r"map service .* sent nothing; put its new name into .*publishers.yml"):
        fetch("areas", filing, data, data.find("Wolverhampton"))


def test_what_is_not_what_the_publisher_says_is_not_kept(tmp_path, publisher):
    publisher.content["/x.csv"] = b"0123456789"
    (tmp_path / "x.csv").write_text("the last one", encoding="utf-8")
    with pytest.raises(InputError, match="instead of 3"):
        download(f"{publisher.address}/x.csv", tmp_path / "x.csv", size=3)
    assert (tmp_path / "x.csv").read_text(encoding="utf-8") == "the last one"


def test_a_renamed_file_is_said_with_what_is_there_and_the_way_out(project, publisher, filing):
    page(publisher, ["police-crime-2026.csv"])
    with pytest.raises(InputError, match=r"police-crime-2026.csv.*swp fetch --from FOLDER.*publishers.yml"):
        fetch("crime", filing, open_data(project))


def test_a_size_that_the_page_gives_is_held_against_the_file(project, publisher, filing):
    page(publisher, [CSP_NAME, PFA_NAME, GEO_NAME], size=7)
    with pytest.raises(InputError, match="bytes instead of 7"):
        fetch("crime", filing, open_data(project))


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("ftp://x/y.csv", "no https address"),
        ("file:///etc/passwd", "no https address"),
        ("http://example.org/y.csv", "no https address"),
    ],
)
def test_only_https_is_asked(tmp_path, address, wrong):
    with pytest.raises(InputError, match=wrong):
        download(address, tmp_path / "y.csv")


def test_a_missing_file_and_a_dead_server_are_said(tmp_path, publisher):
    with pytest.raises(InputError, match="the server says 404"):
        download(f"{publisher.address}/none.csv", tmp_path / "x.csv")
    publisher.shutdown()
    publisher.server_close()
    with pytest.raises(InputError, match="could not be reached"):
        download(f"{publisher.address}/x.csv", tmp_path / "x.csv")


def make_archive(months=("2022-01", "2022-02"), forces=("west-midlands", "kent"), rows=2000):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for month in months:
            for force in forces:
                lines = [
                    ",".join(STREET),
                    *(",".join(street_row(month, f"E0{at:07d}", "Burglary")) for at in range(rows)),
                ]
                archive.writestr(f"{month}/{month}-{force}-street.csv", "\n".join(lines))
        archive.writestr("padding", b"\0" * 3_000_000, zipfile.ZIP_STORED)
    return content.getvalue()


def test_only_the_members_of_one_force_are_fetched_from_an_archive(project, publisher, filing):
    publisher.content["/archive/latest.zip"] = make_archive()
    data = open_data(project)
    fetch("street", filing, data, data.find("E23000014"))
    assert names_there(project) == [f"street/2022-02/2022-0{month}-west-midlands-street.csv" for month in (1, 2)]
    ranges = [wanted.removeprefix("bytes=").split("-") for _, wanted in publisher.asked if wanted]
    assert sum(int(last) - int(first) + 1 for first, last in ranges) < 3_000_000
    with pytest.raises(InputError, match="needs --force"):
        fetch("street", filing, data)


def test_an_archive_survives_cuts_and_a_damaged_member_is_not_kept(project, publisher, filing):
    whole = make_archive()
    data = open_data(project)
    place = whole.index(b"2022-02-west-midlands-street.csv") + 200
    publisher.content["/archive/latest.zip"] = whole[:place] + b"\xff\xff\xff\xff" + whole[place + 4 :]
    publisher.cuts = 3
    with pytest.raises(InputError, match=r"2022-02-west-midlands-street.csv came damaged"):
        fetch("street", filing, data, data.find("E23000014"))
    assert names_there(project) == ["street/2022-02/2022-01-west-midlands-street.csv"]


def test_files_downloaded_by_hand_are_filed_by_what_they_are(project, tmp_path):
    folder = tmp_path / "downloads"
    write_csv(folder / "a" / CSP_NAME, crime_rows())
    write_csv(folder / "people mid2023.csv", [("E08000031", 2023, 5)], ["GEOGRAPHY_CODE", "DATE", "OBS_VALUE"])
    (folder / "archive.zip").write_bytes(make_archive(months=("2022-01",), rows=2))
    (folder / "readme.csv").write_text("some,notes\n", encoding="utf-8")
    said = []
    file_folder(open_filing(project.raw / "open", said.append), folder)
    assert names_there(project) == [
        f"home_office_prc_csp/2026-07-23/{CSP_NAME}",
        "population/undated/people mid2023.csv",
        "street/archive/2022-01-kent-street.csv",
        "street/archive/2022-01-west-midlands-street.csv",
    ]
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(InputError, match="no published table that is new"):
        file_folder(open_filing(project.raw / "open", said.append), empty)


def test_build_and_read_never_ask_the_network(filed, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("the network was asked")

    monkeypatch.setattr("socket.socket.connect", refuse)
    assert open_data(filed).find("Ashford").area_code == "E22000137"
