"""A server that answers lines, and programs that run in a process of their own."""

import signal
import socket
import socketserver
import subprocess
import sys
import textwrap
import threading

import pytest

# A shell that starts this in the background leaves SIGINT ignored, here and in the programs.
signal.signal(signal.SIGINT, signal.default_int_handler)


class Server(socketserver.ThreadingTCPServer):
    """Answers each line: `slow MS ..` after that time, `refuse ..` with a refusal, else the line."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.lines = []
        self.gone = 0
        self.changed = threading.Condition()

    @property
    def addr(self):
        return "127.0.0.1:%d" % self.server_address[1]

    def wait_for(self, condition, seconds=5):
        """Waits until `condition` holds for what the server has seen."""
        with self.changed:
            assert self.changed.wait_for(condition, seconds), (self.lines, self.gone)


class Answers(socketserver.StreamRequestHandler):
    def handle(self):
        server = self.server
        try:
            for line in self.rfile:
                text = line.decode().strip()
                with server.changed:
                    server.lines.append(text)
                    server.changed.notify_all()
                words = text.split(" ", 2)
                if words[0] == "slow" and self.is_gone_within(int(words[1]) / 1000):
                    return
                answer = "refused " + text if words[0] == "refuse" else text
                self.wfile.write((answer + "\n").encode())
        except OSError:
            pass
        finally:
            with server.changed:
                server.gone += 1
                server.changed.notify_all()

    def is_gone_within(self, seconds):
        """True if the client goes before the time is up."""
        self.connection.settimeout(seconds)
        try:
            return self.connection.recv(1, socket.MSG_PEEK) == b""
        except TimeoutError:
            return False
        finally:
            self.connection.settimeout(None)


@pytest.fixture
def server():
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()


@pytest.fixture
def program(server):
    """Runs a program in a process of its own, with `addr` in it; returns what it did."""

    def run(source, timeout=30, code=0):
        done = subprocess.run(
            [sys.executable, "-c", f"addr = {server.addr!r}\n" + textwrap.dedent(source)],
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        return done

    return run


@pytest.fixture(autouse=True)
def watchdog():
    """Ends the run, with the stacks of all threads, if one test hangs."""
    import faulthandler

    faulthandler.dump_traceback_later(300, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()
