"""What tidy data must look like before anything is written. In: frames from ingest. Out: the same frames, or a refusal.

A breach here is a defect of ingest, not of the raw file: every fault of a raw file has its own sentence there.
"""

from __future__ import annotations

import pandas as pd

from swp_analysis.catalogue.models import Catalogue

STATUSES = ("reported", "suppressed", "not_available", "unreadable")


def check_observations(observations: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Validate columns, types and the rules that tie `status` to `value`, `lower` and `upper`.

    Raises
    ------
    pandera.errors.SchemaError
        For the first rule that is broken.
    """
    return _observation_schema(catalogue).validate(observations)


def check_baselines(baselines: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Validate the printed baselines; a baseline is a figure, never blank."""
    import pandera.pandas as pa

    schema = pa.DataFrameSchema(
        {
            "indicator": pa.Column(checks=pa.Check.isin(list(catalogue.indicators))),
            "financial_year": pa.Column(checks=pa.Check.str_matches(r"^\d{4}-\d{2}$")),
            "value": pa.Column(float, pa.Check.ge(0), nullable=True),
        },
        unique=["indicator", "financial_year"],
    )
    return schema.validate(baselines)


def _observation_schema(catalogue: Catalogue):
    import pandera.pandas as pa

    number = pa.Column(float, pa.Check.ge(0), nullable=True)
    return pa.DataFrameSchema(
        {
            "indicator": pa.Column(checks=pa.Check.isin(list(catalogue.indicators))),
            "area_code": pa.Column(checks=pa.Check.str_matches(r"^[A-Z]\d{8}$")),
            "financial_year": pa.Column(checks=pa.Check.str_matches(r"^\d{4}-\d{2}$")),
            "quarter": pa.Column("Int64", pa.Check.isin([1, 2, 3, 4]), nullable=True),  # empty for a month
            **dict.fromkeys(("value", "lower", "upper", "numerator", "denominator"), number),
            "status": pa.Column(checks=pa.Check.isin(STATUSES)),
        },
        checks=[
            pa.Check(
                lambda f: f["value"].notna() == (f["status"] == "reported"), error="a value if and only if reported"
            ),
            pa.Check(
                lambda f: f["lower"].notna() == (f["status"] == "suppressed"), error="bounds if and only if suppressed"
            ),
            pa.Check(lambda f: f["lower"].isna() | (f["lower"] <= f["upper"]), error="lower at most upper"),
            pa.Check(lambda f: f["numerator"].isna() | (f["numerator"] <= f["denominator"]), error="n at most N"),
        ],
        unique=["indicator", "area_code", "period_start", "period_end"],
    )
