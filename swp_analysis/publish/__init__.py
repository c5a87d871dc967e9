"""The last room of the walk: notebooks and protected findings come in, the pages of one edition go out.

`edition` is the walk itself; `notebooks` and `execution` run them, on `kernels`; `body` and `pages` turn them into
HTML; `checks` looks at every page once more, for what is `private` too; `staging` swaps editions; `records` writes
down what an edition was made of.
"""
