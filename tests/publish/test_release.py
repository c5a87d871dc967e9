"""Swapping editions: wholly old or wholly new, whatever happens in between."""

from __future__ import annotations

import json
import os
import sys

import pytest

from swp_analysis.errors import RunError
from swp_analysis.project import Project
from swp_analysis.publish.release import clean_up, clean_up_all, released
from swp_analysis.published import RUN_FILE


@pytest.fixture
def target(tmp_path):
    folder = tmp_path / "reports" / "2017-18" / "partners"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("old", encoding="utf-8")
    return folder


def content(target):
    return {path.name: path.read_text(encoding="utf-8") for path in target.iterdir() if path.name != RUN_FILE}


def siblings(target):
    return [path.name for path in target.parent.iterdir()]


def publish(target, text="new", suppress_below=5):
    with released(Project(target.parents[2]), target) as folder:
        (folder / "page.html").write_text(text, encoding="utf-8")
        (folder / RUN_FILE).write_text(json.dumps({"suppression": {"suppress_below": suppress_below}}), "utf-8")


def test_the_new_edition_replaces_the_old_one_whole(target):
    publish(target)
    assert content(target) == {"page.html": "new"}
    assert siblings(target) == ["partners"]


def test_a_first_edition_needs_no_folder(tmp_path):
    publish(tmp_path / "reports" / "2018-19" / "public")
    assert content(tmp_path / "reports" / "2018-19" / "public") == {"page.html": "new"}


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_while_it_is_made_leaves_the_old_one(target, error):
    def make_half():
        with released(Project(target.parents[2]), target) as folder:
            (folder / "page.html").write_text("half", encoding="utf-8")
            raise error

    with pytest.raises(error):
        make_half()
    assert content(target) == {"index.html": "old"}
    assert siblings(target) == ["partners"]


@pytest.fixture
def in_two_moves(monkeypatch):
    """As on a system that can't change two folders over in one step."""
    monkeypatch.setattr(sys, "platform", "darwin")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux changes two folders over in one step")
def test_the_new_edition_takes_the_place_of_the_old_one_in_one_step(target, monkeypatch):
    monkeypatch.setattr(os, "replace", None)
    publish(target)
    assert content(target) == {"page.html": "new"}
    assert siblings(target) == ["partners"]


def test_the_new_edition_replaces_the_old_one_whole_in_two_moves(target, in_two_moves):
    publish(target)
    assert content(target) == {"page.html": "new"}
    assert siblings(target) == ["partners"]


@pytest.mark.parametrize("failing_move", [1, 2])
def test_a_folder_that_cannot_be_moved_leaves_the_old_one(target, monkeypatch, in_two_moves, failing_move):
    moves = []

    def move(source, destination):
        moves.append(source)
        if len(moves) == failing_move:
            raise PermissionError(13, "in use")
        os.rename(source, destination)

    monkeypatch.setattr(os, "replace", move)
    with pytest.raises(RunError, match="previous one, which still stands: is one of its files open"):
        publish(target)
    assert content(target) == {"index.html": "old"}
    assert siblings(target) == ["partners"]


def test_a_full_disk_is_said_in_a_sentence(target):
    with (
        pytest.raises(RunError, match=r"could not be written: No space left on device\. Make room on the disk"),
        released(Project(target.parents[2]), target),
    ):
        raise OSError(28, "No space left on device")
    assert content(target) == {"index.html": "old"}


def test_a_crash_between_the_two_moves_is_put_right(target):
    half = target.with_name(".partners.staging-x1")
    half.mkdir()
    target.rename(target.with_name(".partners.previous"))
    clean_up(target)
    assert content(target) == {"index.html": "old"}
    assert siblings(target) == ["partners"]


def test_a_crash_after_the_second_move_keeps_the_new_one(target):
    aside = target.with_name(".partners.previous")
    aside.mkdir()
    (aside / "older.html").write_text("older", encoding="utf-8")
    clean_up(target)
    assert content(target) == {"index.html": "old"}
    assert siblings(target) == ["partners"]


def test_other_audiences_are_left_alone(target):
    other = target.with_name(".public.staging-x1")
    other.mkdir()
    publish(target)
    assert other.is_dir()


def test_what_a_crash_left_of_any_edition_is_put_right(target):
    public = target.with_name("public")
    publish(public)
    public.rename(public.with_name(".public.previous"))
    target.with_name(".partners.staging-x_1").mkdir()
    target.with_name(".hidden").mkdir()
    left = ["2017-18/.partners.staging-x_1", "2017-18/.public.previous"]
    assert clean_up_all(target.parents[1]) == left
    assert clean_up_all(target.parents[1]) == []
    assert content(public) == {"page.html": "new"}
    assert sorted(siblings(target)) == [".hidden", "partners", "public"]


@pytest.mark.skipif(os.name != "posix", reason="there is no umask on Windows")
@pytest.mark.parametrize(("suppress_below", "page", "folder"), [(5, 0o644, 0o755), (0, 0o600, 0o700)])
def test_readers_of_a_share_can_read_what_is_made_for_them_whatever_the_umask(tmp_path, suppress_below, page, folder):
    target, before = tmp_path / "share" / "reports" / "2017-18" / "partners", os.umask(0o077)
    try:
        publish(target, suppress_below=suppress_below)
    finally:
        os.umask(before)
    for place in (target, target.parent, target.parents[1]):
        assert place.stat().st_mode & 0o777 == folder
    assert {path.stat().st_mode & 0o777 for path in target.iterdir()} == {page}
