"""Both bindings give the same answers, and the one by koil has at most half the lines."""

import asyncio
import pathlib

import pytest

import koil_store

URL = koil_store.start_server()
SOURCES = pathlib.Path(__file__).parent.parent / "src"


def code_lines(name):
    lines = (SOURCES / name).read_text().splitlines()
    return sum(1 for line in map(str.strip, lines) if line and not line.startswith("//"))


@pytest.mark.parametrize("kind", ["Store", "HandStore"])
def test_blocking(kind):
    store = getattr(koil_store, kind).create(URL, "blocking" + kind.lower())
    store.put("a/1", b"one")
    store.copy("a/1", "a/2")
    assert store.get("a/2") == b"one"
    assert store.head("a/2") == 3
    assert store.list("a/") == ["a/1", "a/2"]
    with pytest.raises(FileNotFoundError):
        store.get("none")


@pytest.mark.parametrize("kind", ["Store", "HandStore"])
def test_asyncio(kind):
    async def main():
        store = await getattr(koil_store, kind).create_async(URL, "async" + kind.lower())
        written = await store.put_async("a/1", b"one")
        # By hand it is an empty tuple, as pyo3-async-runtimes has it.
        assert written is None or kind == "HandStore"
        await store.copy_async("a/1", "a/2")
        assert await store.get_async("a/2") == b"one"
        assert await store.head_async("a/2") == 3
        assert await store.list_async("a/") == ["a/1", "a/2"]
        with pytest.raises(FileNotFoundError):
            await store.get_async("none")

    asyncio.run(main())


def test_lines():
    assert code_lines("by_koil.rs") * 2 <= code_lines("by_hand.rs")
