"""Medians of each call, by koil and by hand, interleaved; and the lines of both bindings."""

import asyncio
import statistics
import sys
import time

import koil_store

sys.path.insert(0, __file__.rsplit("/", 1)[0] + "/tests")
from test_store import code_lines

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 500

CALLS = [
    ("get", ["key"]),
    ("head", ["key"]),
    ("copy", ["key", "copy"]),
    ("list", [""]),
    ("put", ["key", b"x" * 1000]),
]


def blocking(kinds):
    taken = {(kind, call): [] for kind in kinds for call, _ in CALLS}
    stores = {kind: getattr(koil_store, kind).create(URL, "b" + kind.lower()) for kind in kinds}
    for store in stores.values():
        store.put("key", b"x" * 1000)
    for _ in range(ROUNDS):
        for call, arguments in CALLS:
            for kind, store in stores.items():
                began = time.perf_counter()
                getattr(store, call)(*arguments)
                taken[kind, call].append(time.perf_counter() - began)
    return taken


async def awaited(kinds):
    taken = {(kind, call): [] for kind in kinds for call, _ in CALLS}
    stores = {}
    for kind in kinds:
        stores[kind] = await getattr(koil_store, kind).create_async(URL, "a" + kind.lower())
        await stores[kind].put_async("key", b"x" * 1000)
    for _ in range(ROUNDS):
        for call, arguments in CALLS:
            for kind, store in stores.items():
                began = time.perf_counter()
                await getattr(store, call + "_async")(*arguments)
                taken[kind, call].append(time.perf_counter() - began)
    return taken


URL = koil_store.start_server()
KINDS = ["Store", "HandStore"]
print("lines of code: %d by koil, %d by hand" % (code_lines("by_koil.rs"), code_lines("by_hand.rs")))
for name, taken in [("blocking", blocking(KINDS)), ("asyncio", asyncio.run(awaited(KINDS)))]:
    for call, _ in CALLS:
        koil, hand = (statistics.median(taken[kind, call]) * 1e6 for kind in KINDS)
        print("%-8s %-5s %7.0f us by koil, %7.0f us by hand, ratio %.2f" % (name, call, koil, hand, koil / hand))
