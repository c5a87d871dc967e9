"""Around the walk: `swp assess` as a scheduler calls it. In: a call. Out: one edition or many, each made
once and whole.

`unattended` is a run of one edition, `fan_out` of many on `workers`, which are a Dask `cluster` or a `pool` of our own;
`deadline`, `notify` and `verdict_changes` serve both. Who makes what is in the rooms; here is only when, once, and who
is told.
"""
