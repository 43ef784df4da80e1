"""What to run, where, and when it is published.

Takes editions of releases, gives a folder of pages, put in place in one step.
"""
