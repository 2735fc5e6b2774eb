"""The blocking half: threads, Ctrl-C, streams, contexts, callbacks."""

import asyncio
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import koil_echo


@pytest.fixture
def client(server):
    return koil_echo.Client(server.addr)


CALLS = ["echo", "echo_twin"]


@pytest.mark.parametrize("name", CALLS)
def test_answers(client, name):
    assert getattr(client, name)("hi") == "hi"


def test_ready(client):
    assert client.ready() == 42


def test_defaults_and_signatures(client):
    assert client.echo_within("hi") == "hi"
    assert client.echo_within("hi", seconds=5) == "hi"
    assert koil_echo.Client.echo_within.__text_signature__ == "($self, text, seconds=1.0)"
    assert koil_echo.Client.echo_within_async.__text_signature__ == "($self, text, seconds=1.0)"


def test_docs_are_on_both():
    assert koil_echo.Client.echo.__doc__ == "Says `text`, and gives what comes back."
    assert koil_echo.Client.echo_async.__doc__ == koil_echo.Client.echo.__doc__


def test_a_function(server):
    assert koil_echo.ask_both(server.addr, server.addr, "x") == ("x", "x")


@pytest.mark.parametrize("name", CALLS)
def test_own_errors(client, name):
    with pytest.raises(koil_echo.Refused, match="refuse me"):
        getattr(client, name)("refuse me")
    with pytest.raises(ConnectionRefusedError):
        getattr(koil_echo.Client("127.0.0.1:1"), name)("hi")


def test_timeouts(client):
    with pytest.raises(TimeoutError):
        client.echo_within("slow 5000 x", seconds=0.02)


@pytest.mark.parametrize("name", CALLS)
def test_other_threads_run_meanwhile(client, name):
    # Each call ends after the calls of the others have begun, so all wait at once.
    with ThreadPoolExecutor(16) as pool:
        calls = [pool.submit(getattr(client, name), "slow 200 %d" % n) for n in range(16)]
        began = time.monotonic()
        assert [call.result() for call in calls] == ["slow 200 %d" % n for n in range(16)]
        assert time.monotonic() - began < 16 * 0.2


@pytest.mark.parametrize("name", CALLS)
def test_inside_a_running_event_loop(client, name):
    async def main():
        return getattr(client, name)("hi"), await asyncio.to_thread(getattr(client, name), "there")

    assert asyncio.run(main()) == ("hi", "there")


def interrupt_when(server, text):
    """Sends SIGINT to the main thread once the server has seen `text`; returns the time of it."""
    sent = []

    def send():
        server.wait_for(lambda: text in server.lines)
        sent.append(time.monotonic())
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    thread = threading.Thread(target=send)
    thread.start()
    return thread, sent


@pytest.mark.parametrize("name", CALLS)
def test_ctrl_c_ends_a_call(client, server, name):
    for round in range(100):
        text = "slow 20000 %d" % round
        gone = server.gone
        thread, sent = interrupt_when(server, text)
        with pytest.raises(KeyboardInterrupt):
            getattr(client, name)(text)
        late = time.monotonic() - sent[0]
        thread.join()
        assert late < 0.1, (round, late)
        # The request is cancelled: the connection goes.
        server.wait_for(lambda: server.gone > gone)
    assert getattr(client, name)("goes on") == "goes on"


@pytest.mark.parametrize("kind", ["twin", "iter", "io", "guard", "task", "plain"])
def test_ctrl_c_ends_every_kind_of_call(kind):
    main, sent = threading.main_thread().ident, []

    def send():
        sent.append(time.monotonic())
        signal.pthread_kill(main, signal.SIGINT)

    for round in range(100):
        timer = threading.Timer(0.01, send)
        with pytest.raises(KeyboardInterrupt):
            timer.start()
            koil_echo.wait_in(kind)
        assert time.monotonic() - sent.pop() < 0.1, round
        timer.join()


def test_ctrl_c_ends_a_stream(client, server):
    lines = client.lines(3, 20000)
    for _ in range(10):
        threading.Timer(0.05, signal.pthread_kill, [threading.main_thread().ident, signal.SIGINT]).start()
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            next(lines)
        assert time.monotonic() - began < 0.15
    lines.close()


def test_a_handler_that_does_not_raise_runs_during_the_call(client, server):
    seen = []
    before = signal.signal(signal.SIGUSR1, lambda *_: seen.append(time.monotonic()))
    try:
        thread = threading.Timer(
            0.05, signal.pthread_kill, [threading.main_thread().ident, signal.SIGUSR1]
        )
        thread.start()
        assert client.echo("slow 400 x") == "slow 400 x"
        assert len(seen) == 1 and time.monotonic() - seen[0] > 0.2
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_streams(client, server):
    assert list(client.lines(3, 1)) == ["tick 0", "tick 1", "tick 2"]
    with client.lines(1000, 1) as lines:
        assert next(lines) == "tick 0"
    server.wait_for(lambda: server.gone == 2)
    assert next(lines, "end") == "end"
    for line in client.lines(1000, 1):
        break
    del line
    server.wait_for(lambda: server.gone == 3)


def test_a_stream_is_closed_under_a_call_that_waits(client):
    lines = client.lines(1, 20000)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(next, lines, "end")
        time.sleep(0.05)
        lines.close()
        assert waiting.result(5) == "end"


def test_contexts(client, server):
    with client.session() as session:
        assert session.ask("hi") == "hi"
    assert server.lines == ["HELLO", "hi", "BYE"]
    with pytest.raises(RuntimeError, match="has been left"):
        session.ask("hi")
    with pytest.raises(RuntimeError, match="has been left"):
        session.__enter__()
    with pytest.raises(RuntimeError, match="enter it by"):
        client.session().ask("hi")


def test_a_context_after_an_exception(client, server):
    with pytest.raises(ZeroDivisionError):
        with client.session():
            1 / 0
    assert server.lines == ["HELLO", "ABORT"]


def test_a_context_after_ctrl_c(client, server):
    with pytest.raises(KeyboardInterrupt):
        with client.session() as session:
            thread, _ = interrupt_when(server, "slow 20000 x")
            session.ask("slow 20000 x")
    thread.join()
    with client.session():
        pass


def test_two_threads_on_one_object(client):
    with client.session() as session, ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(session.ask, "slow 2 %d" % n) for n in range(64)]
        assert [call.result(20) for call in calls] == ["slow 2 %d" % n for n in range(64)]


def test_callbacks(client):
    here = threading.get_ident()
    assert client.call(threading.get_ident) == here
    with pytest.raises(ZeroDivisionError):
        client.call(lambda: 1 / 0)


def test_a_blocking_call_in_a_callback_is_refused(client):
    taken = []
    for _ in range(20):
        began = time.monotonic()
        with pytest.raises(RuntimeError, match="would block"):
            client.call(lambda: client.echo("hi"))
        taken.append(time.monotonic() - began)
    assert min(taken) < 0.01, taken


def test_the_refusal_names_the_call(client):
    with pytest.raises(RuntimeError) as refused:
        client.call(lambda: client.echo_twin("hi"))
    assert "`BlockingEcho::ask`" in str(refused.value)
