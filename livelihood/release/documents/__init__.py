"""A bulletin's file, whatever its format -> its text, its tables, its title, publisher and date.

:mod:`.document` is the door; programme tables become rows of figures in :mod:`.programme_table`.
"""
