"""How anything is said or shown to a person: messages, numbers in words, tables, fonts.

Takes facts of whatever kind, gives text and markup in one language. Knows no figure and no file.
"""
