"""The board's own form: written empty, read back, and refused with row and column when something is wrong."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from swp_analysis.analysis.candidates import list_candidates
from swp_analysis.collect.collection import FORM_COLUMNS, make_form, read_workshops
from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.raw_files import raw_tables

HEAD = ",".join(FORM_COLUMNS)


def read(tmp_path, catalogue, *lines: str, encoding: str = "utf-8"):
    folder = tmp_path / "2017-18"
    folder.mkdir(exist_ok=True)
    (folder / "workshop.csv").write_text("\n".join([HEAD, *lines]) + "\n", encoding=encoding)
    return read_workshops(tmp_path, ["2016-17", "2017-18"], catalogue)


def test_the_empty_form_lists_every_candidate_and_reads_back_as_nothing(tmp_path, catalogue, shipped):
    """Those that nobody declared, too: a new partnership has no others, and its form was empty."""
    form = make_form(list_candidates(catalogue, shipped.observations))
    declared = [entry.id for entry in catalogue.criteria.candidates]
    assert list(form["candidate"])[: len(declared)] == declared
    undeclared = catalogue.model_copy(update={"criteria": catalogue.criteria.model_copy(update={"candidates": []})})
    assert set(make_form(list_candidates(undeclared, shipped.observations))["label"]) >= {
        "Hate crimes recorded by the police"
    }
    (tmp_path / "2017-18").mkdir()
    form.to_csv(tmp_path / "2017-18" / "workshop.csv", index=False)
    assert read_workshops(tmp_path, ["2017-18"], catalogue).empty


def test_answers_come_back_with_their_year(tmp_path, catalogue):
    found = read(
        tmp_path, catalogue, 'gangs,Gangs,80,2,"Seen on the street, often",Board,2018-03-01', encoding="utf-8-sig"
    )
    assert found.to_dict("records") == [
        {
            "financial_year": "2017-18",
            "candidate": "gangs",
            "own_score": "80",
            "override_rank": "2",
            "reason": "Seen on the street, often",
            "entered_by": "Board",
            "entered_on": "2018-03-01",
        }
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("gang,Gangs,80,,why,,", "row 2, column candidate: found 'gang', which is no candidate; did you mean 'gangs'?"),
        ("gangs,Gangs,101,,why,,", "row 2, column own_score: found '101'"),
        ("gangs,Gangs,nan,,why,,", "row 2, column own_score: found 'nan'"),
        ("gangs,Gangs,,0,why,,", "row 2, column override_rank: found '0'"),
        ("gangs,Gangs,,first,why,,", "row 2, column override_rank: found 'first'"),
        ("gangs,Gangs,70,,,,", "row 2, column reason: found nothing"),
    ],
)
def test_what_is_wrong_is_named_to_the_cell(tmp_path, catalogue, line, said):
    with pytest.raises(InputError) as caught:
        read(tmp_path, catalogue, line)
    assert f"2017-18/workshop.csv, {said}" in str(caught.value)


def test_a_candidate_stands_once(tmp_path, catalogue):
    with pytest.raises(InputError, match="row 3, column candidate: 'gangs' stands twice"):
        read(tmp_path, catalogue, "gangs,Gangs,70,,why,,", "gangs,Gangs,60,,why,,")


def test_a_form_comes_back_in_whatever_format_it_was_saved(tmp_path, catalogue):
    folder = tmp_path / "2017-18"
    folder.mkdir()
    book = Workbook()
    for row in (list(FORM_COLUMNS), ["gangs", "Gangs", 80, None, "Seen on the street", "Board", "2018-03-01"]):
        book.active.append(row)
    book.save(folder / "Workshop.xlsx")
    assert raw_tables(folder) == []
    found = read_workshops(tmp_path, ["2017-18"], catalogue)
    assert found[["candidate", "own_score", "entered_on"]].values.tolist() == [["gangs", "80", "2018-03-01"]]
    (folder / "Workshop.xlsx").unlink()
    semicolons = "\n".join([HEAD, "gangs,Gangs,80,,Seen,Board,2018-03-01"]).replace(",", ";")
    (folder / "workshop.csv").write_text(semicolons + "\n", encoding="utf-8")
    assert read_workshops(tmp_path, ["2017-18"], catalogue)["own_score"].tolist() == ["80"]
