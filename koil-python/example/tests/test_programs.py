"""Whole programs: their ends, forks, and processes of multiprocessing."""

import sys

import pytest

ROUNDS = 200


def test_blocking_programs_end_well(program):
    for _ in range(ROUNDS):
        done = program("import koil_echo; print(koil_echo.Client(addr).echo('hi'))")
        assert (done.stdout, done.stderr) == ("hi\n", "")


def test_asyncio_programs_end_well(program):
    for _ in range(ROUNDS):
        done = program(
            """
            import asyncio, koil_echo
            client = koil_echo.Client(addr)
            async def main():
                await asyncio.gather(*(client.echo_async(str(n)) for n in range(8)))
                asyncio.ensure_future(one())
                await asyncio.sleep(0)
            async def one():
                await client.echo_async("slow 20000 x")
            asyncio.run(main())
            print("done")
            """
        )
        assert (done.stdout, done.stderr) == ("done\n", "")


def test_an_end_with_calls_that_wait(program):
    for _ in range(20):
        done = program(
            """
            import threading, time, koil_echo
            client = koil_echo.Client(addr)
            lines = client.lines(1000, 1)
            next(lines)
            for n in range(8):
                threading.Thread(target=client.echo, args=("slow 20000 %d" % n,), daemon=True).start()
            time.sleep(0.05)
            print("done")
            """
        )
        assert (done.stdout, done.stderr) == ("done\n", "")


FORK = """
import asyncio, os, signal, sys, time, koil_echo
client = koil_echo.Client(addr)
assert client.echo("parent") == "parent"
async def one():
    return await client.echo_async("child")
child = os.fork()
if child == 0:
    signal.alarm(10)
    began = time.monotonic()
    assert client.echo("child") == "child"
    assert asyncio.run(one()) == "child"
    os._exit(0 if time.monotonic() - began < 1 else 3)
assert os.waitpid(child, 0)[1] == 0
assert client.echo("parent") == "parent"
"""


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="there is no fork here")
def test_forks(program):
    for _ in range(100):
        program(FORK)


def test_multiprocessing(program, tmp_path):
    file = tmp_path / "pool.py"
    file.write_text(
        "import multiprocessing, sys, koil_echo\n"
        "def ask(n): return koil_echo.Client(sys.argv[1]).echo(str(n))\n"
        "if __name__ == '__main__':\n"
        "    koil_echo.Client(sys.argv[1]).echo('first')\n"
        "    for method in ('fork', 'spawn'):\n"
        "        with multiprocessing.get_context(method).Pool(4) as pool:\n"
        "            assert pool.map(ask, range(20)) == [str(n) for n in range(20)]\n"
    )
    program(f"import subprocess, sys; sys.exit(subprocess.run([sys.executable, {str(file)!r}, addr]).returncode)")


def test_ctrl_c_in_a_child(program):
    program(
        """
        import os, signal, threading, time, koil_echo
        client = koil_echo.Client(addr)
        client.echo("parent")
        here, there = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.write(there, b"x")
                client.echo("slow 20000 x")
            except KeyboardInterrupt:
                os._exit(0)
            os._exit(4)
        os.read(here, 1)
        os.kill(child, signal.SIGINT)
        assert os.waitpid(child, 0)[1] == 0
        """
    )


def test_ctrl_c_in_a_child_of_another_thread(program):
    program(
        """
        import os, signal, threading, koil_echo
        client = koil_echo.Client(addr)
        def fork():
            client.echo("parent")
            here, there = os.pipe()
            child = os.fork()
            if child == 0:
                signal.alarm(10)
                try:
                    os.write(there, b"x")
                    client.echo("slow 20000 x")
                except KeyboardInterrupt:
                    os._exit(0)
                os._exit(4)
            os.read(here, 1)
            os.kill(child, signal.SIGINT)
            ends.append(os.waitpid(child, 0)[1])
        ends = []
        thread = threading.Thread(target=fork)
        thread.start()
        thread.join()
        assert ends == [0], ends
        """
    )
