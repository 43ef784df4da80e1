"""A folder of printed figures into observations, and how such a folder comes to be.

Takes sheets, workbooks and texts of offices; gives observations, each with its source.
"""
