"""Printed words into bounds: ``近7万人`` is a number, its ends, where they are from, a unit.

Takes characters that a source printed, gives a :class:`~livelihood.quantity.quantity.Quantity`
(:func:`~livelihood.quantity.parse.parse_quantity`) or a
:class:`~livelihood.quantity.period.Period`. Imports nothing of ours: a library of its own.
"""
