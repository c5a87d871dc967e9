"""What moved in print goes back to its place: the only way, or unreadable.

A heading whose pieces broke (`headings`), lines that a row was printed on (`lines`) and cells that stand under the
wrong heading (`cells`) are put back alike. What agrees with the page is taken as it stands. Else every way to put it
back is made; those that contradict what is printed (kinds of figure, order of periods, labels, the baseline's sum) fall
out, and so do those with more damage than another. One that is left is taken, and that is said; several, or none,
leave the figures unreadable, and listed.
"""
