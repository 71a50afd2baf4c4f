"""Where CI=true a skipped test fails, and says why."""

import pytest

pytest_plugins = ["pytester"]

_SUITE = """
    import pytest

    def test_runs():
        assert True

    @pytest.mark.skip(reason="no browser here")
    def test_marked():
        assert True

    def test_says_so_itself():
        pytest.skip("no server here")

    @pytest.fixture
    def server():
        pytest.skip("no fixture here")

    def test_by_fixture(server):
        assert True
"""


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    """A small suite with tests and a module that skip."""
    pytester.makepyfile(test_some=_SUITE)
    pytester.makepyfile(test_module="import pytest; pytest.importorskip('no_such_module_here')")
    return pytester


@pytest.mark.parametrize("ci", ["true", "True"])
def test_a_skip_fails_in_ci(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, ci: str
) -> None:
    """Each way to skip is a failure that gives the reason."""
    monkeypatch.setenv("CI", ci)
    result = suite.runpytest_subprocess("-p", "tests.no_skips", "--continue-on-collection-errors")
    outcomes = result.parseoutcomes()
    assert "skipped" not in outcomes
    assert outcomes["passed"] == 1
    assert sum(outcomes.get(kind, 0) for kind in ("failed", "error", "errors")) == 4
    result.stdout.fnmatch_lines_random(
        [
            "*nothing may be skipped*no browser here*",
            "*nothing may be skipped*no server here*",
            "*nothing may be skipped*no fixture here*",
            "*nothing may be skipped*no_such_module_here*",
        ]
    )
    assert result.ret != 0


def test_a_skip_is_a_skip_elsewhere(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without CI the same suite is green, with its skips shown."""
    monkeypatch.delenv("CI", raising=False)
    result = suite.runpytest_subprocess("-p", "tests.no_skips")
    result.assert_outcomes(passed=1, skipped=4)
    assert result.ret == 0
