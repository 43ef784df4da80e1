"""Links and ids of a body: settled when it is made, or by what is published around it."""

import pytest

from livelihood.site.links import as_html, parts, settled

YEAR = '<a href="../../2015/zh/x.html" rel="noopener">2015 <b>年</b></a>'
THERE = {"../../2015/zh/x.html"}
BODIES = {
    "as it is": ('<p lang="en">A &amp; B<br></p>', '<p lang="en">A &amp; B<br></p>'),
    "a drawing": ('<svg><clipPath id="c"/></svg>', '<svg><clipPath id="c"/></svg>'),
    "a place": ('<a href="#b">B</a><i id="b"></i>', '<a href="#b">B</a><i id="b"></i>'),
    "no place": ('<a href="#c">B <b>b</b></a>.', "B <b>b</b>."),
    "a row twice": ('<tr id="a"><tr id="a">', '<tr id="a"><tr>'),
    "the frame's": ('<tr id="main">', "<tr>"),
    "an id in a text": ('<p>id="a"</p><tr id="a">', '<p>id="a"</p><tr id="a">'),
    "another page": ('<a href="x.html#a">A</a>', '<a href="x.html#a">A</a>'),
    "a year": (f"In {YEAR}.", f"In {YEAR}."),
    "a year that is not there": (f"In {YEAR.replace('2015/', '2014/')}.", "In 2015 <b>年</b>."),
}


@pytest.mark.parametrize("name", BODIES)
def test_links_lead_somewhere_and_ids_are_unique(name):
    html, shown = BODIES[name]
    assert as_html(settled(html), THERE.__contains__) == shown


def test_all_but_what_is_changed_is_as_it_was():
    html = f'<p title="&quot;">&#169; {YEAR} <use href="#a"/></p>'
    assert as_html(parts(html)) == html
    longer = as_html(parts(html, lambda name, value: f"b-{value}" if name == "title" else value))
    assert longer == html.replace('title="', 'title="b-')
