"""The papers of the clinic, one entry each in ``catalogue``.

A new paper is three things: a module here with a function that gathers what it shows, a template in ``templates/pdf``
that extends ``pdf/base.html``, and its entry in ``catalogue.DOCUMENTS``. Page, address, rights, trail, print size,
language and the checks of tests/sessions/test_documents.py follow from the entry.
"""
