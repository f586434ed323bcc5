"""One invented clinic to try the program with: every person, photo and product in it is made up.

The demo is not written into the tables: it lives through its past. Each patient calls, is asked, graded, planned,
booked and treated by the program's own actions, on a clock set back to that day; so nothing can stand in the demo that
a clinic could not have entered.
"""
