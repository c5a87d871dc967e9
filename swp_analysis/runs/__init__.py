"""Around the walk: `swp assess` as a scheduler calls it. In: a call. Out: editions, each made once and whole.

`unattended` is a run of one edition; `fan_out` runs many (`jobs`) on `workers`, which are processes here
or a Dask cluster; `deadline` and `run_reporter` serve both. The other rooms make the edition.
"""
