"""The asyncio half."""

import asyncio

import pytest

import koil_echo


@pytest.fixture
def client(server):
    return koil_echo.Client(server.addr)


def test_answers(client):
    assert asyncio.run(one(client.echo_async, "hi")) == "hi"


async def one(function, *arguments):
    return await function(*arguments)


def test_many_at_once(client):
    async def main():
        return await asyncio.gather(*(client.echo_async("slow 100 %d" % n) for n in range(50)))

    assert asyncio.run(main()) == ["slow 100 %d" % n for n in range(50)]


def test_errors(client):
    with pytest.raises(koil_echo.Refused):
        asyncio.run(one(client.echo_async, "refuse me"))
    with pytest.raises(ConnectionRefusedError):
        asyncio.run(one(koil_echo.Client("127.0.0.1:1").echo_async, "hi"))
    with pytest.raises(TimeoutError):
        asyncio.run(one(client.echo_within_async, "slow 5000 x", 0.02))


def test_a_cancel_reaches_the_server(client, server):
    async def main():
        task = asyncio.ensure_future(one(client.echo_async, "slow 20000 x"))
        while "slow 20000 x" not in server.lines:
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    server.wait_for(lambda: server.gone == 1)


def test_without_a_loop(client):
    with pytest.raises(RuntimeError):
        client.echo_async("hi")


def test_streams(client, server):
    async def main():
        seen = [line async for line in client.lines(3, 1)]
        async with client.lines(1000, 1) as lines:
            async for line in lines:
                break
        return seen

    assert asyncio.run(main()) == ["tick 0", "tick 1", "tick 2"]
    server.wait_for(lambda: server.gone == 2)


def test_contexts(client, server):
    async def main():
        async with client.session() as session:
            assert await session.ask_async("hi") == "hi"
        with pytest.raises(ZeroDivisionError):
            async with client.session():
                1 / 0

    asyncio.run(main())
    assert server.lines == ["HELLO", "hi", "BYE", "HELLO", "ABORT"]


def test_a_function(server):
    assert asyncio.run(one(koil_echo.ask_both_async, server.addr, server.addr, "x")) == ("x", "x")
