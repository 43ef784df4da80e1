"""Figures -> charts with their words: what is drawn (:mod:`.rows`), and how.

:func:`~livelihood.report.charts.drawing.draw` takes rows of a kind and gives a matplotlib figure.
"""
