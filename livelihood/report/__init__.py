"""What a notebook shows: tables, charts and sentences of one sector of a release.

Takes a release, gives DataFrames, figures and Markdown in the language of the page.
"""
