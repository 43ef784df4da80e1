"""Observations into indicators, checks and comparisons: facts, which `frames` alone words.

Takes the observations of releases, gives numbers with bounds, ids and codes.
"""
