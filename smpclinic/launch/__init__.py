"""What ``run.py`` does before Django can be imported: the standard library alone is used in this package.

``command`` reads the command line, ``checks`` refuses bad input before anything is made, ``system`` and
``packages`` put the parts in place, ``serving`` keeps server and worker running, ``testing`` runs the tests.
"""
