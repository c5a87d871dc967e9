"""The least that secondary suppression can cost: an integer programme against trying every choice."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest

from benchmarks.least_loss import measure_loss
from swp_analysis.disclosure import attack, protect
from swp_analysis.disclosure.kpi_tables import from_plain, link_indicators, to_plain
from swp_analysis.disclosure.protect import Protected
from swp_analysis.engines.small_numbers.cells import Sum
from swp_analysis.engines.small_numbers.figures import read_figures
from swp_analysis.engines.small_numbers.hide import redact
from swp_analysis.engines.small_numbers.suppress import group_figures, withheld_cells
from swp_analysis.quality.totals import annual_totals

YEAR = "2017-18"


def fewest_by_trying(frames, most):
    """The fewest rows beyond the small ones over all choices of figures that the attack can't break."""
    *tables, indicators = frames
    plain = to_plain(tuple(tables))
    figures = read_figures(plain, link_indicators(indicators, [YEAR]), 5)
    groups = group_figures(figures)
    units = [unit for group in groups for unit in [*group.world.sums, *group.world.values]]
    units = [unit for unit in units if isinstance(unit, Sum) or figures.values[unit]]
    costs = []
    for size in range(most + 1):
        for some in combinations(units, size):
            cells = {cell for group in groups for cell in withheld_cells(group, frozenset(some) & {*units})}
            sums = {unit: "secondary" for unit in some if isinstance(unit, Sum)}
            hidden = redact(plain, figures, {**dict.fromkeys(cells, "secondary"), **sums})
            page = Protected(*from_plain(hidden.tables, tuple(tables)), hidden.log, 5)
            if attack(page, indicators)["safe"].all():
                costs.append(hidden.log["why"].str.startswith("secondary").sum())
    return min(costs)


@pytest.mark.parametrize("seed", [0, 1, 2, 4])
def test_it_is_the_least_of_all_choices(seed, make_tables, make_indicator):
    random = Random(seed)
    counts = [random.randint(1, 4), *(random.randint(3, 12) for _ in range(3))]
    tables = make_tables().add(make_indicator("whole", companion_share="share"), YEAR, counts)
    shares = [round(100 * random.randint(0, n) / n) for n in counts]
    tables.add(make_indicator("share", "percent", "rate", denominator="whole"), YEAR, shares)
    tables.add_baseline("whole", YEAR, sum(counts))
    *frames, indicators = tables.frames
    loss = measure_loss(tuple(frames), protect(*tables.frames), indicators)
    assert loss.least == fewest_by_trying(tables.frames, most=3)
    assert loss.least <= loss.secondary


def test_the_loss_on_the_shipped_tables(shipped, catalogue):
    frames = shipped.observations, shipped.baselines, annual_totals(shipped.observations, catalogue.indicators)
    data = protect(*frames, catalogue.indicators)
    loss = measure_loss(frames, data, catalogue.indicators)
    assert (loss.primary, loss.secondary, loss.least) == (31, 13, 11)
    assert "31 small figures" in str(loss)
    assert measure_loss(frames, data, catalogue.indicators, earlier=[data]) == loss


def test_a_small_count_that_nothing_speaks_of_costs_nothing(make_tables, make_indicator):
    tables = make_tables().add(make_indicator("stock", kind="stock"), YEAR, [3, None, None, None])
    *frames, indicators = tables.frames
    assert measure_loss(tuple(frames), protect(*tables.frames), indicators) == (1, 0, 0)


def test_tables_without_an_answer_have_no_least(make_tables, make_indicator):
    """The sub-group is larger than its group, so nothing that could be withheld makes sense of it."""
    tables = make_tables().add(make_indicator("whole"), YEAR, [3, 6, 6, 6])
    tables.add(make_indicator("part", subgroup_of="whole"), YEAR, [2, 2, 9, 2])
    *frames, indicators = tables.frames
    loss = measure_loss(tuple(frames), protect(*tables.frames), indicators)
    assert loss.least is None or loss.least <= loss.secondary
