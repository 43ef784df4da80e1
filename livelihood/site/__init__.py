"""Files that others open: pages, fronts, tables for download.

Takes executed notebooks and releases, gives HTML and data files that need nothing else.
"""
