"""Methods take what an analyst has at hand, and say in a sentence what is missing."""

import pandas as pd
import pytest

from swp_analysis import methods


@pytest.mark.parametrize("percent", [5, "5%", "5", methods.Printed(5, 0)])
def test_a_percentage_can_be_a_number_a_text_or_as_it_was_printed(percent):
    allowed = methods.possible_totals(13, percent)
    assert (min(allowed), max(allowed)) == (237, 288)


def test_a_text_keeps_its_decimals():
    assert len(methods.possible_counts(1000, "5.0%")) < len(methods.possible_counts(1000, 5))


def test_a_text_without_a_percentage_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match="holds no percentage"):
        methods.possible_counts(13, "n/a")


@pytest.mark.parametrize("method", [methods.funnel, methods.measure_scatter, methods.directly_standardised_rate])
@pytest.mark.parametrize("numbers", [[], [None, None]])
def test_no_numbers_are_refused_with_a_sentence(method, numbers):
    others = [numbers] * (1 if method is methods.directly_standardised_rate else 0)
    with pytest.raises(ValueError, match=r"there are no numbers|must be"):
        method(numbers, numbers, *others)


QUARTERS = pd.period_range("2017Q2", periods=4, freq="Q")


def test_lists_series_and_frames_give_what_single_numbers_give():
    after, before = pd.Series([5, 0, 9]), pd.DataFrame({"count": [9, 4, 0]})
    found = methods.rate_ratio(after, before, after_exposure=[2, 1, 1]).frame
    for row, (a, b, n) in zip(found.itertuples(index=False), [(5, 9, 2), (0, 4, 1), (9, 0, 1)], strict=True):
        one = methods.rate_ratio(a, b, after_exposure=n).frame
        assert tuple(row) == pytest.approx(tuple(one.iloc[0]), nan_ok=True)
    assert methods.wilson_interval([5, 6], 20)[0][1] == methods.wilson_interval(6, 20)[0]
    assert methods.fisher_test([7, 5], 46, [3, 5], 43)[0] == methods.fisher_test(7, 46, 3, 43)
    assert methods.newcombe_difference([5, 6], 20, [3, 4], 20).p[1] == methods.newcombe_difference(6, 20, 4, 20).p
    rows = pd.DataFrame([[1, 2, 3, 4], [2, 3, 4, 5]])
    assert methods.project_count([3, 2], rows).mean == methods.project_count([3, 2], rows.to_numpy()).mean


def test_a_gap_is_left_out_and_never_a_zero():
    whole, gap = (
        pd.Series([10, pd.NA, 9, 14], index=QUARTERS, dtype="Int64"),
        pd.Series([8, 5, 7, 11], index=QUARTERS - 4),
    )
    assert methods.compare_counts(whole, gap).after == 33
    assert methods.compare_shares([(5, 20), (None, None)], [(7, 21), (4, 19)]).dispersion > 1
    assert methods.adjust_holm([0.01, None, 0.03])[::2] == [0.02, 0.03]
    assert methods.rank_rates([5, None, 3], [100, 200, 300]).frame["rank"].dropna().tolist() == [1, 2]
    assert methods.funnel([5, None, 9], [90, 80, 99]).centre == methods.funnel([5, 9], [90, 99]).centre
    assert methods.measure_scatter([5, None, 9], [6, 7, 8]).phi == methods.measure_scatter([5, 9], [6, 8]).phi
    assert methods.round_counts([3, None, 12]) == [5, None, 10]
    assert methods.scatter([5, None, 7, 8], [6, 7, 9, 9]) == methods.scatter([5, 7, 8], [6, 9, 9])


def test_series_with_the_same_names_in_another_order_are_matched_by_name():
    count, people = pd.Series([1, 2], ["a", "b"]), pd.Series([200, 100], ["b", "a"])
    assert methods.rate(count, people, per=100).value.to_dict() == {"a": 1.0, "b": 1.0}


def test_a_comparison_of_two_years_has_a_frame_as_every_estimate():
    counts = methods.compare_counts([12, 16], [8, 9]).frame
    assert counts[["before", "after"]].values.tolist() == [[17, 28]]
    assert methods.compare_shares([(5, 20)], [(7, 21)]).frame["p"].between(0, 1).all()
