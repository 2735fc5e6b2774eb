"""The stubs: types and docs for both colours."""

import pathlib
import os

import pytest


@pytest.fixture
def stubs():
    file = os.environ.get("KOIL_ECHO_STUBS")
    if file is None:
        pytest.skip("KOIL_ECHO_STUBS is not set: the file that maturin has written")
    return pathlib.Path(file).read_text()


def test_both_colours_are_typed(stubs):
    assert "def echo(self, /, text: str) -> str" in stubs
    assert "def echo_async(self, /, text: str) -> Awaitable[str]" in stubs
    assert "def ask_both_async(first: str, second: str, text: str) -> Awaitable[tuple[str, str]]" in stubs
    assert "def lines(self, /, count: SupportsIndex, milliseconds: SupportsIndex) -> Stream" in stubs
    assert "def __aexit__(self, /, kind: Any, value: Any, traceback: Any) -> Awaitable[None]" in stubs
    assert stubs.count("Says `text`, and gives what comes back.") == 2
