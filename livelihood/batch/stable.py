"""Same input, same bytes: what a run leaves of itself in a notebook."""

from __future__ import annotations

from nbformat import NotebookNode


def without_traces(notebook: NotebookNode) -> NotebookNode:
    """The executed notebook without times, durations and random ids; cells are named by place.

    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> book = new_notebook(cells=[new_code_cell("1", metadata={"execution": {"started": "now"}})])
    >>> without_traces(book).cells[0].id, book.cells[0].metadata
    ('cell-00', {})
    """
    if "papermill" in notebook.metadata:  # of the run, what was asked stays: the parameters
        about = notebook.metadata.papermill
        notebook.metadata["papermill"] = {"parameters": about.get("parameters", {})}
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number:02}"
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
    return notebook
