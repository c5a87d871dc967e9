"""`swp fetch`: published files into `data/raw/open`, from their publishers or from a folder. Out: files,
`fetched.json`.

The only room that asks the network, and only when this command is called: `build` and `assess` read what lies there.
"""

import json
import re
import urllib.parse
from datetime import date
from pathlib import Path
from typing import Any

from swp_analysis.errors import InputError
from swp_analysis.open_data.downloads import BY_HAND, download, open_remote_zip, read_json
from swp_analysis.open_data.gazetteer import Area
from swp_analysis.open_data.raw_files import OWN_PUBLISHERS, Filing, date_in_name, extract_member, members_of
from swp_analysis.open_data.reader import OpenData

SUBJECTS = ("crime", "street", "areas", "population")
SERVICE_ROWS = 200  # codes that one query of a map service asks for
LATEST = "latest"


def fetch(subject: str, filing: Filing, data: OpenData, area: Area | None = None, edition: str = LATEST) -> list[Path]:
    """Fetch one subject; the files that are new.

    Parameters
    ----------
    area : for street data the force whose months are fetched, for areas the partnership whose outlines are.
    edition : which archive of street data, such as "2020-04".

    Raises
    ------
    InputError
        When the publisher can't be reached or has no such file; what was there before stands.
    """
    if subject == "crime":
        _fetch_home_office(filing)
        _fetch_ons(filing)
    elif subject == "street":
        _fetch_street(filing, area, edition)
    elif subject == "areas":
        for table in filing.publishers["areas"]["tables"]:
            _get(filing, "areas", "areas", str(date.today()), table["name"], table["url"])
        if area:
            _fetch_outlines(filing, data, area)
    else:
        entry = filing.publishers["population"]
        edition = f"{entry['edition']}-{date.today()}"
        _get(filing, "population", "population", edition, "mid_year_estimates.csv", entry["url"])
    return filing.filed


def _fetch_home_office(filing: Filing) -> None:
    entry = filing.publishers["home_office"]
    attached = _list_attachments(read_json(entry["page"]))
    for wanted in entry["files"]:
        matching = [
            one for one in attached if re.search(wanted["pattern"], f"{one['url']} {one['title']}", re.IGNORECASE)
        ]
        if not matching:
            names = ", ".join(Path(one["url"]).name for one in attached[:6]) or "nothing"
            raise InputError(
                f"The Home Office's page has no file like {wanted['pattern']} (it has {names} …); {BY_HAND}, or put "
                f"its new name into data/raw/open/{OWN_PUBLISHERS}."
            )
        for one in matching:
            name = Path(urllib.parse.urlsplit(one["url"]).path).name
            _get(filing, "home_office", wanted["source"], date_in_name(name), name, one["url"], one.get("file_size"))


def _list_attachments(page: Any) -> list[dict]:
    """Every attachment anywhere in an answer of the content API."""
    if isinstance(page, list):
        return [one for entry in page for one in _list_attachments(entry)]
    if not isinstance(page, dict):
        return []
    own = [page] if isinstance(page.get("url"), str) and "title" in page and "content_type" in page else []
    return own + [one for entry in page.values() for one in _list_attachments(entry)]


def _get(
    filing: Filing, publisher: str, source: str, edition: str, name: str, url: str, size: int | None = None
) -> None:
    path = filing.place(source, edition, name)
    if not filing.has(path):
        filing.note(path, url, filing.licence(publisher), download(url, path, size))


def _fetch_ons(filing: Filing) -> None:
    entry = filing.publishers["ons_csp"]
    base = urllib.parse.urlsplit(entry["page"])
    try:
        uri = read_json(entry["page"])["datasets"][0]["uri"]
        names = [one["file"] for one in read_json(f"{base.scheme}://{base.netloc}{uri}/data")["downloads"]]
    except (KeyError, IndexError, TypeError):
        raise InputError(f"The ONS page of crime by partnership lists no version with files; {BY_HAND}.") from None
    edition = date_in_name(f"ye_{uri.rpartition('yearending')[2]}")
    for name in names:
        _get(filing, "ons_csp", "ons_csp", edition, name, entry["file"].format(uri=uri, file=name))


def _fetch_outlines(filing: Filing, data: OpenData, area: Area) -> None:
    """Wards of the area's LSOAs, and the outlines of both, from the map services of the ONS."""
    codes = sorted(
        data.units.loc[(data.units["vintage"] == "2021") & data.units["la_code"].isin(area.la_codes), "lsoa_code"]
    )
    if not codes:
        raise InputError(
            f"The LSOAs of {area.name} are not known yet; run swp fetch areas, then swp build, then this again."
        )
    base, lookup = filing.publishers["areas"]["services"], filing.publishers["areas"]["ward_lookup"]
    found = _ask_service(base, lookup["service"], "LSOA21CD", codes, "json")
    rows = [feature["attributes"] for feature in found]
    wards = sorted({row[name] for row in rows for name in row if re.fullmatch(r"WD\d\dCD", name)})
    text = "\n".join([",".join(rows[0]), *(",".join(f'"{value or ""}"' for value in row.values()) for row in rows)])
    _write(filing, "areas", filing.place("areas", str(date.today()), f"LSOA21_wards_{area.area_code}.csv"), base, text)
    for kind, chosen in (("lsoa", codes), ("wards", wards)):
        service = filing.publishers["boundaries"][kind]
        features = _ask_service(base, service["service"], service["code"], chosen, "geojson")
        path = filing.place("boundaries", service["service"], f"{kind}_{area.area_code}.geojson")
        _write(filing, "boundaries", path, base, json.dumps({"type": "FeatureCollection", "features": features}))


def _ask_service(base: str, service: str, code: str, wanted: list[str], form: str) -> list[dict]:
    features: list[dict] = []
    for first in range(0, len(wanted), SERVICE_ROWS):
        names = ",".join(f"'{each}'" for each in wanted[first : first + SERVICE_ROWS])
        query = {"where": f"{code} IN ({names})", "outFields": "*", "outSR": 4326, "f": form}
        answer = read_json(f"{base}/{service}/FeatureServer/0/query?{urllib.parse.urlencode(query)}")
        features += answer.get("features", [])
    if not features:
        raise InputError(
            f"The map service {service} sent nothing; put its new name into data/raw/open/{OWN_PUBLISHERS}, or "
            f"{BY_HAND}."
        )
    return features


def _write(filing: Filing, publisher: str, path: Path, url: str, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    filing.note(path, url, filing.licence(publisher))


def _fetch_street(filing: Filing, force: Area | None, edition: str) -> None:
    """Only the members of one force from an archive of all of them."""
    if force is None:
        raise InputError(
            "swp fetch street needs --force, such as --force E23000014: the archive of all forces has 2 GB."
        )
    url = filing.publishers["police_uk"]["archive"].format(edition=edition)
    with open_remote_zip(url) as archive:
        members = list(members_of(archive, force))
        if not members:
            raise InputError(
                f"The archive {edition} has no files of {force.name}; data.police.uk lists what is missing."
            )
        named = edition if edition != LATEST else max(Path(member.filename).name[:7] for member in members)
        for member in members:
            path = filing.place("street", named, Path(member.filename).name)
            if not filing.has(path):
                extract_member(archive, member, path)
                filing.note(path, url, filing.licence("police_uk"))
