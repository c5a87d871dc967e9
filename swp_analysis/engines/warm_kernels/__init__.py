"""Jupyter kernels in a tenth of a second. In: a folder to work in, and what notebooks import. Out: ordinary ipykernels,
forked from one process that has imported it all before. Example and limits: docs/engines/warm_kernels.md.

`process` starts, asks and ends the `server`, which forks; `kernels` has the kernel manager and the provisioner that
Jupyter knows; `private_folder` keeps their files from others.
"""
