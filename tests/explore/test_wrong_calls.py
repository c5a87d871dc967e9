"""A wrong call in a notebook: the line of the cell and one sentence, not the inside of the project."""

from IPython.core.interactiveshell import InteractiveShell


def test_a_wrong_call_shows_its_line_and_one_sentence(capsys):
    InteractiveShell().run_cell("from swp_analysis import explore\n\nexplore.trend('')\n'never'")
    shown = capsys.readouterr().out.strip().splitlines()
    assert shown[0] == "line 3: explore.trend('')"
    assert shown[1].startswith("InputError: There is no indicator ''.")
    assert len(shown) == 2
