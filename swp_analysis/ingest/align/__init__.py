"""What moved in print: the only way to put it back, or unreadable.

A heading whose pieces broke (`headings`) and the lines of a row (`lines`) are put together again: every
way is made; those that contradict what is printed (order of periods, labels) fall out, and so do those with more damage
than another. One that is left is taken, and that is said; several, or none, leave the figures unreadable, and listed. A
row whose cells stand under the wrong heading (`cells`) is listed.
"""
