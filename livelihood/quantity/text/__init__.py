"""The same for running text: where a bulletin has quantities, and of what time they are.

:func:`~livelihood.quantity.text.scan.scan` takes a text and gives each item with its place.
"""
