"""Where things are and what their ids mean: paths, files, definitions.

Takes a project's folder, gives checked TOML as dataclasses, or every problem with its place.
"""
