"""An area among others: share of its force, pooled peers, rank, funnel. In: rate rows. Out: findings with intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from swp_analysis.analysis.areas.rates import (
    PER,
    Population,
    compare_areas,
    count_assigned,
    find_population,
    population_for,
    refuse_unassigned,
    require_one_basis,
)
from swp_analysis.analysis.areas.series import latest_year
from swp_analysis.analysis.change import RatioEstimate, rate_ratio
from swp_analysis.analysis.funnels import Funnel, funnel
from swp_analysis.analysis.ranks import Ranks, rank_rates
from swp_analysis.open_data.gazetteer import Area
from swp_analysis.open_data.reader import OpenData


@dataclass(frozen=True)
class ShareOfForce:
    """An area's part of its force: of all crime, of what is assigned to an area, and of the residents (all 0-1)."""

    count: float
    force: float
    assigned: float
    residents: float
    force_residents: float
    population: Population
    period: tuple[str, str]
    source: str
    edition: str

    @property
    def frame(self) -> pd.DataFrame:
        """A row a share: `of`, `part`, `whole`, `share`."""
        rows = [
            ("all recorded crime of the force", self.count, self.force),
            ("crime assigned to an area", self.count, self.assigned),
            ("residents", self.residents, self.force_residents),
        ]
        frame = pd.DataFrame(rows, columns=["of", "part", "whole"])
        return frame.assign(share=frame["part"] / frame["whole"])


def share_of_force(data: OpenData, area: Area, group_id: str = "total", year: str = "") -> ShareOfForce:
    """Say what part of its force's crime and residents an area has.

    Raises
    ------
    InputError
        When the force's figure of the same twelve months, or a population, is missing.
    """
    own = latest_year(data, area, group_id, year)
    refuse_unassigned(area, own)
    force = data.book.areas[area.force_code]
    whole = latest_year(data, force, group_id, own["period_end"])
    people = population_for(data, area, own["period_end"])
    all_people = find_population(data, force, people.mid_year, people.edition)
    assigned = count_assigned(data, area.force_code, group_id, own["period_end"])
    period = (own["period_start"], own["period_end"])
    residents = (people.residents, all_people.residents, people)
    return ShareOfForce(own["count"], whole["count"], assigned, *residents, period, own["source"], own["edition"])


@dataclass(frozen=True)
class PeerComparison:
    """`frame`: a row an area with its rate; `pooled`: the peers together, the area itself left out; `ratio` to them."""

    area: Area
    frame: pd.DataFrame
    count: int
    population: int
    pooled: float
    ratio: RatioEstimate
    left_out: tuple[str, ...]


def compare_with_peers(data: OpenData, own: Mapping, group_id: str, peers: Sequence[Area]) -> PeerComparison:
    """Hold an area's `rate_row` against its peers pooled without it.

    Raises
    ------
    InputError
        When no peer has a figure of the same year and population.
    """
    area = data.book.areas[own["area_code"]]
    others = [peer for peer in peers if peer.area_code != area.area_code]
    frame, left_out = compare_areas(data, others, group_id, own)
    whole = pd.concat([pd.DataFrame([own]), frame], ignore_index=True)
    require_one_basis(whole)
    count, people = int(frame["count"].sum()), int(frame["population"].sum())
    ratio = rate_ratio(own["count"], count, own["population"], people)
    return PeerComparison(area, whole, count, people, PER * count / people, ratio, tuple(left_out))


def ratios_to_the_rest(frame: pd.DataFrame) -> pd.DataFrame:
    """Give each area's rate over that of all others together, with the exact conditional interval."""
    own = frame.set_index("area_code")[["count", "population"]]
    others = own.sum() - own
    found = rate_ratio(own["count"], others["count"], own["population"], others["population"]).frame
    return found[["ratio", "lower", "upper"]].rename(columns={"lower": "ratio_lower", "upper": "ratio_upper"})


def rank_areas(frame: pd.DataFrame) -> Ranks:
    """Rank areas by rate, highest first, with the range that each place could have."""
    return rank_rates(frame.set_index("area_code")["count"], frame.set_index("area_code")["population"], per=PER)


def funnel_areas(frame: pd.DataFrame) -> tuple[Funnel, Funnel]:
    """Give the areas about their common rate: limits with the variance between areas, and of chance alone."""
    own = frame.set_index("area_code")
    return (
        funnel(own["count"], own["population"], per=PER),
        funnel(own["count"], own["population"], per=PER, overdispersion=False),
    )
