"""The last room of the walk: notebooks and protected findings come in, the pages of one edition go out.

`edition` is the walk itself; `notebook_kernels` and `execution` run the notebooks; `tidy_page`, `pages` and
`page_export` turn them into HTML; `checks` and `scan` look at every page once more; `release` swaps editions; `records`
writes down what an edition was made of, and `state` tells whether that has changed since.
"""
