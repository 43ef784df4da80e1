"""`livelihood parse` and `livelihood audit` as a person calls them."""

from livelihood import load


def test_parse_prints_number_bounds_unit_and_wording(livelihood):
    result = livelihood("parse", "10万多平方米", "近7万人")
    assert result.exit_code == 0
    first, second = result.output.splitlines()[2:4]
    assert first.split()[:3] == ["10万多平方米", "100,000", "100,000–110,000"]
    assert "m2" in first and "65,000–70,000 people" in second and "convention" in second


def test_parse_strict_opens_what_is_a_convention(livelihood):
    assert "<70,000 people" in livelihood("parse", "近7万人", "--strict").output


def test_parse_says_where_it_stopped_and_reads_the_rest(livelihood):
    result = livelihood("parse", "27所", "近百人左右")
    assert result.exit_code == 2
    assert "27所" in result.output and "character 4" in result.output
    assert "Traceback" not in result.output


def test_parse_of_an_unknown_dimension_says_which_there_are(livelihood):
    result = livelihood("parse", "27所", "--dimension", "people")
    assert result.exit_code == 2 and "person" in result.output


def test_audit_finds_what_is_not_recorded_and_what_is_not_printed(livelihood, project):
    figures = load("duji", 2015).figures
    printed = "，".join(figure.printed for figure in figures)
    whole, other = project / "whole.txt", project / "other.txt"
    whole.write_text(f"2015年1—6月实施{printed}民生工程。", encoding="utf-8")
    other.write_text("2015年新建学校8所。", encoding="gb18030")
    words = ("--region", "duji", "--year", "2015")
    assert livelihood("audit", str(whole), *words).exit_code == 0
    result = livelihood("audit", str(other), *words)
    assert result.exit_code == 1
    assert "8所" in result.output and figures[0].measure.id in result.output


def test_audit_of_bad_input_says_so(livelihood, project):
    path = project / "picture.txt"
    path.write_bytes(b"\x89PNG\xff\xff\xff")
    assert livelihood("audit", str(path), "--region", "duji", "--year", "2015").exit_code == 2
    result = livelihood("audit", str(path), "--region", "nowhere", "--year", "2015")
    assert result.exit_code == 2 and "there are: duji" in result.output
