"""Observations into indicators, checks and comparisons: facts, no sentence and no markup.

Takes the observations of releases, gives numbers with bounds, ids and codes.
"""
