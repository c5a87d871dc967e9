"""Methods take what an analyst has at hand, and say in a sentence what is missing."""

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
