"""The cost of a call that is ready: alone, and beside a thread that computes.

Each figure is the median of rounds in two processes, one with the wait hook and one without, which
take turns.
"""

import json
import os
import statistics
import subprocess
import sys
import threading
import time

CALLS = 200_000
ROUNDS = 7


def measure():
    import koil_echo

    client = koil_echo.Client("127.0.0.1:1")
    functions = {
        "nothing": koil_echo.nothing,
        "block": client.ready,
        "twin": koil_echo.ready_twin,
    }

    def one(function, calls):
        times = range(calls)
        began = time.perf_counter()
        for _ in times:
            function()
        return (time.perf_counter() - began) / calls * 1e9

    alone = {name: one(function, CALLS) for name, function in functions.items()}
    ends = threading.Event()

    def compute():
        while not ends.is_set():
            sum(range(1000))

    thread = threading.Thread(target=compute)
    thread.start()
    beside = {name: one(function, CALLS) for name, function in functions.items()}
    ends.set()
    thread.join()
    print(json.dumps({"alone": alone, "beside": beside}))


def main():
    figures = {True: [], False: []}
    for _ in range(ROUNDS):
        for hook in figures:
            env = {k: v for k, v in os.environ.items() if k != "KOIL_ECHO_WITHOUT_HOOK"}
            if not hook:
                env["KOIL_ECHO_WITHOUT_HOOK"] = "1"
            done = subprocess.run(
                [sys.executable, __file__, "measure"], env=env, capture_output=True, check=True
            )
            figures[hook].append(json.loads(done.stdout))
    print("ns per call, with the hook and without")
    for place in ("alone", "beside"):
        for name in ("nothing", "block", "twin"):
            with_hook, without = (
                statistics.median(one[place][name] for one in figures[hook]) for hook in (True, False)
            )
            print("%-7s %-8s %8.1f %8.1f" % (place, name, with_hook, without))


if sys.argv[1:] == ["measure"]:
    measure()
else:
    main()
