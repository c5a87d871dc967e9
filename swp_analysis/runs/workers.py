"""Who runs the jobs of many editions. In: what the call says of workers. Out: one function for `fan_out`, whichever it
is: a Dask cluster that exists, one that is started for the run, or processes of our own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from swp_analysis.errors import InputError
from swp_analysis.runs.cluster import Tls, is_installed, is_usable, on_local_workers, on_scheduler, run_on_cluster
from swp_analysis.runs.jobs import Job, Lost
from swp_analysis.runs.pool import Pool

NEEDS_DASK = "--scheduler needs Dask; install it with: pip install swp-analysis[fanout]"
# Each job with what its function gave, or with `Lost`, in the order in which they end.
RunJobs = Callable[[Callable[[Job], Any], Sequence[Job]], Iterator[tuple[Job, Any | Lost]]]


@dataclass(frozen=True)
class Workers:
    """`scheduler`: address of a Dask scheduler; `tls`: the files for it. `number`: how many to start here."""

    scheduler: str | None = None
    number: int | None = None
    tls: Tls = field(default_factory=Tls)

    def refuse_if_unclear(self) -> None:
        """Raise `InputError` for options that don't go together, or that need Dask where there is none."""
        if self.scheduler and self.number:
            raise InputError("Give --scheduler or --workers, not both: a scheduler has its own workers.")
        if self.tls and not self.scheduler:
            raise InputError("--tls-ca-file, --tls-cert and --tls-key are for a --scheduler; none was given.")
        if self.scheduler and not is_installed():
            raise InputError(NEEDS_DASK)

    @contextmanager
    def ready(self, jobs: int, say: Callable[[str], None] = print) -> Iterator[RunJobs]:
        """Have workers, for no more than `jobs` at once, inside the `with`."""
        number, has_dask = min(self.number or 1, jobs), is_usable()
        if self.scheduler and not has_dask:
            raise InputError(NEEDS_DASK)
        if has_dask:
            with on_scheduler(self.scheduler, self.tls) if self.scheduler else on_local_workers(number) as client:
                yield partial(run_on_cluster, client)
        else:
            with Pool(number, say) as pool:
                yield pool.run
