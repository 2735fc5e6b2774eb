"""A real kernel of Jupyter: both colours in a cell, and an interrupt."""

import time

import pytest

client = pytest.importorskip("jupyter_client", reason="jupyter_client is not installed")
pytest.importorskip("ipykernel", reason="ipykernel is not installed")


@pytest.fixture
def kernel():
    manager, channel = client.manager.start_new_kernel(startup_timeout=60)
    yield manager, channel
    channel.stop_channels()
    manager.shutdown_kernel(now=True)


def run(channel, code):
    message = channel.execute(code)
    return reply_to(channel, message)


def reply_to(channel, message):
    while True:
        reply = channel.get_shell_msg(timeout=30)
        if reply["parent_header"].get("msg_id") == message:
            return reply["content"]


def test_both_colours_and_an_interrupt(kernel, server):
    manager, channel = kernel
    cell = f"import koil_echo; client = koil_echo.Client({server.addr!r})"
    assert run(channel, cell)["status"] == "ok"
    assert run(channel, "assert client.echo('hi') == 'hi'")["status"] == "ok"
    assert run(channel, "assert await client.echo_async('hi') == 'hi'")["status"] == "ok"
    late = []
    for call in ["client.echo('slow 20000 a')", "client.echo_twin('slow 20000 b')"]:
        text = call.split("'")[1]
        message = channel.execute(call)
        server.wait_for(lambda: text in server.lines, 20)
        began = time.monotonic()
        manager.interrupt_kernel()
        reply = reply_to(channel, message)
        late.append(time.monotonic() - began)
        assert (reply["status"], reply["ename"]) == ("error", "KeyboardInterrupt")
    assert max(late) < 0.2, late
    assert run(channel, "assert client.echo('alive') == 'alive'")["status"] == "ok"
