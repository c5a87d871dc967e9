"""Which further figures must go so that no hidden count can be worked out. In: `Group`s. Out: what to withhold.

Third step of the engine. Figures are withheld one by one, in an order that depends on nothing hidden, until every
hidden count has two witnesses: whole sets of figures, with the count at either end of its printed interval, from which
these very steps withhold the same figures and so print the same page. Not even somebody who reruns the steps can narrow
it. docs/disclosure.md says why withholding the fewest figures, or the smallest, would not do.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from itertools import product
from math import inf

from swp_analysis.engines.small_numbers.cells import Cell, Split, Sum
from swp_analysis.engines.small_numbers.figures import KnownFigures
from swp_analysis.engines.small_numbers.intervals import (
    ContradictionError,
    Interval,
    Rule,
    add_up,
    blocks_of,
    narrow,
    not_above,
    split_up,
    without_known,
)

Hidden = frozenset[Cell | Sum]

MOST_PARTS = 2  # withheld of one sum; after these the sum itself goes
FAR_ABOVE = 8  # thresholds above its least value: where a witness puts a withheld figure that is to be large


@dataclass(frozen=True)
class World:
    """One set of figures that the tables could hold: every count that is not small, and every sum."""

    values: Mapping[Cell, float]
    sums: Mapping[Sum, float]


@dataclass(frozen=True)
class Group:
    """Cells and sums that hang together and hold a hidden count.

    `splits`: cells that are made up of others. `below`: pairs of cells, the first never above the second. `drags`:
    cells that go with a cell, because a percentage tells both or neither or because they make it up. `public`: what an
    earlier edition shows, so that withholding it is no use. `kept`: what earlier editions withheld. `pieces`: series
    whose counts may be any number when they are closed, small or not.
    """

    world: World
    small: Mapping[Cell, Interval]
    closed: Set[Cell]
    splits: tuple[Split, ...]
    below: tuple[tuple[Cell, Cell], ...]
    drags: Mapping[Cell, tuple[Cell, ...]]
    public: Set[Cell | Sum]
    threshold: int
    kept: Hidden = frozenset()
    pieces: Set[str] = frozenset()
    seen: dict = field(default_factory=dict, compare=False)


def group_figures(figures: KnownFigures) -> list[Group]:
    """Give connected groups with a hidden count, or one that was withheld before, in a fixed order. How cells connect
    depends on no number."""
    cells = {*figures.values, *figures.small, *figures.closed}
    sums = [total for total in figures.sums if total.cells and cells.issuperset(total.cells)]
    pairs = [pair for cell in sorted(cells) for pair in _pairs(cell, figures, cells)]
    splits = [split for split in figures.links.splits(cells) if figures.fits(split)]
    bundles: list[tuple[Cell, ...]] = [total.cells for total in sums]
    bundles += [(split.whole, *split.parts) for split in splits]
    linked = blocks_of(dict.fromkeys(sorted(cells), (0, inf)), [add_up(bundle, 0) for bundle in (*bundles, *pairs)])
    parts = sorted((set(block) for block in linked), key=min)
    small = {*figures.small, *figures.closed, *figures.kept}
    return [_group(part, figures, sums, pairs, splits) for part in parts if not part.isdisjoint(small)]


def _pairs(cell: Cell, figures: KnownFigures, cells: set[Cell]) -> Iterator[tuple[Cell, Cell]]:
    for part, whole in figures.links.below:
        other = cell._replace(series=whole)
        if cell.series == part and other in cells:
            yield cell, other


def _group(
    part: set[Cell], figures: KnownFigures, sums: list[Sum], pairs: list[tuple[Cell, Cell]], splits: list[Split]
) -> Group:
    values = {cell: figures.values[cell] for cell in sorted(part - figures.small.keys() - figures.closed)}
    drags: dict[Cell, tuple[Cell, ...]] = {}
    for top, bottom in pairs:
        # A numerator that nothing but its percentage tells: it goes when the denominator goes. Nought per cent stays.
        own_numerator = top.series.partition(":")[0] in figures.links.parts
        if own_numerator and values.get(top) and bottom in values and top not in figures.public:
            drags[bottom] = (*drags.get(bottom, ()), top)
    for split in splits:
        if split.whole in values:
            dragged = tuple(cell for cell in split.parts if cell in values and cell not in figures.public)
            drags[split.whole] = (*drags.get(split.whole, ()), *dragged)
    return Group(
        world=World(values, {total: figures.sums[total] for total in sorted(sums) if total.cells[0] in part}),
        small={cell: figures.small.get(cell, (0, inf)) for cell in sorted(part & {*figures.small, *figures.closed})},
        closed=figures.closed,
        splits=tuple(split for split in splits if split.whole in part),
        below=tuple(pair for pair in pairs if pair[0] in part),
        drags=drags,
        public=figures.public,
        threshold=figures.threshold,
        pieces=figures.links.pieces,
        kept=frozenset(
            unit
            for unit in figures.kept - figures.public
            if unit in values or (isinstance(unit, Sum) and unit in figures.sums and unit.cells[0] in part)
        ),
    )


def choose_hidden(group: Group) -> Hidden:
    """Choose the cells and sums to withhold; the cells that these drag along are not listed."""
    hidden = _start(group, group.world)
    while (exposed := _exposed(group, group.world, hidden)) is not None:
        further = _next_to_hide(group, group.world, hidden, exposed)
        if further is None:
            break
        hidden |= {further}
    return hidden


def withheld_cells(group: Group, hidden: Hidden) -> list[Cell]:
    """Give the cells among `hidden`, each followed by those that go with it."""
    cells = sorted(unit for unit in hidden if isinstance(unit, Cell))
    return list(dict.fromkeys(each for cell in cells for each in (cell, *group.drags.get(cell, ()))))


def _start(group: Group, world: World) -> Hidden:
    return group.kept.union(total for total, value in world.sums.items() if 0 < value < group.threshold)


def _exposed(group: Group, world: World, hidden: Hidden) -> Cell | None:
    """The first hidden count that is narrowed or lacks a witness, judged by nothing but what the page would show."""
    covered = withheld_cells(group, hidden)
    shown = tuple(value for cell, value in world.values.items() if cell not in covered)
    page = hidden, shown, tuple(value for total, value in world.sums.items() if total not in hidden)
    if page not in group.seen:
        group.seen[page] = _find_exposed(group, world, hidden)
    return group.seen[page]


def _find_exposed(group: Group, world: World, hidden: Hidden) -> Cell | None:
    domain, rules = _puzzle(group, world, hidden)
    try:
        narrowed = narrow(domain, rules)
    except ContradictionError:
        return next(iter(group.small), None)
    open_rules = without_known(rules, narrowed)
    lacking = (cell for cell in group.small if not _has_witnesses(group, world, hidden, cell, narrowed, open_rules))
    return next((c for c in group.small if not _keeps_open(group, c, narrowed, domain)), None) or next(lacking, None)


def _keeps_open(group: Group, cell: Cell, narrowed: Mapping[Cell, Interval], domain: Mapping[Cell, Interval]) -> bool:
    """Whether a hidden count can still be all that its mark leaves open; where nothing is said, any small number, or
    none."""
    if cell not in group.closed:
        return narrowed[cell] == domain[cell]
    (low, high), (least, most) = narrowed[cell], _ends(group, cell)
    may_be_more = cell.series in group.pieces and most < high
    return most < low or may_be_more or low <= least <= most <= high


def _ends(group: Group, cell: Cell) -> Interval:
    return (1, group.threshold - 1) if cell in group.closed else group.small[cell]


def _has_witnesses(
    group: Group, world: World, hidden: Hidden, cell: Cell, domain: dict[Cell, Interval], rules: list[Rule]
) -> bool:
    forced = {**domain, **_print_alike(group, hidden, cell)}
    if cell in group.closed and (domain[cell][0] >= group.threshold or cell.series in group.pieces):
        return True
    return all(
        any(
            _leads_to(group, _world_of(solution, world, hidden), hidden)
            for solution in _solutions(group, {**forced, cell: (end, end)}, rules, cell)
        )
        for end in _ends(group, cell)
    )


def _print_alike(group: Group, hidden: Hidden, target: Cell) -> dict[Cell, Interval]:
    """Parts of periods in a witness, so that they too would not be printed: one is small, or none is."""
    forced: dict[Cell, Interval] = {}
    gone = {*withheld_cells(group, hidden)}
    for split in group.splits:
        closed = [part for part in split.parts if part in group.closed]
        dragged = [part for part in split.parts if part in gone and part not in group.closed]
        if closed and split.whole not in group.small and target not in closed:
            forced[closed[0]] = (1, group.threshold - 1)
        for first, part in enumerate(dragged):
            forced[part] = (0, 0) if first else (group.threshold, inf)
    return forced


def _leads_to(group: Group, world: World, hidden: Hidden) -> bool:
    """Whether the steps, taken from other figures, withhold all of `hidden` and nothing else on the way."""
    reached = _start(group, world)
    while reached < hidden:
        exposed = _exposed(group, world, reached)
        further = _next_to_hide(group, world, reached, exposed) if exposed is not None else None
        if further is None:
            return False
        reached |= {further}
    return reached == hidden


def _solutions(
    group: Group, domain: dict[Cell, Interval], rules: list[Rule], cell: Cell
) -> Iterator[dict[Cell, Interval]]:
    """Whole sets of figures behind a page: each kind of unknown low or high, as far as the page allows."""
    unknown = [c for c, (low, high) in domain.items() if low < high]
    kinds = [0 if c not in group.small else 1 if c.series == cell.series else 2 for c in unknown]
    wishes = dict.fromkeys(tuple(ends[kind] for kind in kinds) for ends in product((0, 1), repeat=3))
    for ends in wishes:
        solution = _fill_in(domain, rules, dict(zip(unknown, ends, strict=True)), group.threshold)
        if solution is not None:
            yield solution


def _world_of(solution: Mapping[Cell, Interval], world: World, hidden: Hidden) -> World:
    values = {cell: solution[cell][0] for cell in world.values}
    sums = {s: v if s not in hidden else sum(solution[c][0] for c in s.cells) for s, v in world.sums.items()}
    return World(values, sums)


def _puzzle(group: Group, world: World, hidden: Hidden) -> tuple[dict[Cell, Interval], list[Rule]]:
    """What the page leaves open: `hidden` cells are at least the threshold, since smaller ones are marked as such."""
    domain: dict[Cell, Interval] = {cell: (value, value) for cell, value in world.values.items()}
    domain |= group.small
    parts = {part for split in group.splits for part in split.parts}
    domain |= {cell: (0 if cell in parts else group.threshold, inf) for cell in withheld_cells(group, hidden)}
    printed = [total for total in world.sums if total not in hidden]
    for total in printed:
        for newest in [cell for cell in total.cells if cell in hidden][-1:]:
            # One above the least: else a step that is not enough would tell that the figure is not at its least.
            domain[newest] = group.threshold + 1, inf
    rules = [add_up(total.cells, world.sums[total]) for total in printed]
    rules += [split_up(split.whole, split.parts, split.complete) for split in group.splits]
    return domain, without_known([*rules, *(not_above(*pair) for pair in group.below)], domain)


def _fill_in(
    domain: dict[Cell, Interval], rules: list[Rule], wishes: Mapping[Cell, int], threshold: int
) -> dict[Cell, Interval] | None:
    """A whole set of figures, each at the wished end of what is still possible; None when the page allows none."""
    try:
        domain = narrow(domain, rules)
        for unknown, wish in wishes.items():
            low, high = domain[unknown]
            value = (low, min(high, low + FAR_ABOVE * threshold))[wish]
            domain = narrow({**domain, unknown: (value, value)}, rules)
    except ContradictionError:
        return None
    return domain


def _next_to_hide(group: Group, world: World, hidden: Hidden, exposed: Cell) -> Cell | Sum | None:
    """The oldest count that can go from the sum that gives `exposed` away, or that sum; None when nothing is left."""
    printed = [total for total in world.sums if total not in hidden]
    suspects = [s for s in printed if exposed in s.cells] + [s for s in printed if exposed not in s.cells]
    gone = {*withheld_cells(group, hidden), *group.public}
    # A sum can go; what makes up a count goes with the count.
    splits = [s for s in group.splits if world.values.get(s.whole) and s.whole not in gone]
    if not suspects and not splits:
        return None
    freeing = (s for s in suspects if _is_free(group, world, hidden | {s}, exposed))
    loosening = (s for s in splits if _is_free(group, world, hidden | {s.whole}, exposed))
    found: Sum | Split | None = next(freeing, None) or next(loosening, None)
    culprit = found or next(iter(suspects), None) or splits[0]
    if isinstance(culprit, Split):
        return culprit.whole
    free = [cell for cell in culprit.cells if world.values.get(cell) and cell not in gone]
    few = sum(cell in hidden for cell in culprit.cells) < MOST_PARTS
    if free and (few or culprit in group.public):
        return free[0]
    return culprit if culprit not in group.public else next((split.whole for split in splits), None)


def _is_free(group: Group, world: World, hidden: Hidden, cell: Cell) -> bool:
    domain, rules = _puzzle(group, world, hidden)
    try:
        return _keeps_open(group, cell, narrow(domain, rules), domain)
    except ContradictionError:
        return False
