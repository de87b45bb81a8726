"""``hedgecheck serve``: the page to try it on and the JSON API, until Ctrl-C."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from collections.abc import Sequence

import hedgecheck
from hedgecheck.cli.messages import DONE, complain
from hedgecheck.errors import InputError, MissingExtraError


def serve(
    *,
    host: str,
    port: int,
    allowed_hosts: Sequence[str],
    max_bytes: int,
    time_limit: float,
    model_name: str,
) -> int:
    """Serve until interrupted, and return the exit code.

    Parameters
    ----------
    host : str
        Address to listen on.
    port : int
        Port; 0 for one that is free.
    allowed_hosts : sequence of str
        Names to answer to besides ``localhost`` and plain addresses.
    max_bytes : int
        Largest body of a request.
    time_limit : float
        Seconds that an answer may take.
    model_name : str
        Name or path of the model.

    Raises
    ------
    HedgecheckError
        If the extra is not installed, there is no such model, or the address cannot be had.
    """
    try:
        import uvicorn

        from hedgecheck.serving import Settings, create_app
    except ImportError as error:
        raise MissingExtraError(
            f"hedgecheck serve needs {error.name or 'starlette and uvicorn'}, which is not "
            'installed; run: pip install "hedgecheck[serve]"'
        ) from None
    model = hedgecheck.load(model_name)
    model.score("It rained.")  # the first text takes longer than the others
    with _listen(host, port) as listener:
        settings = Settings(
            max_bytes=max_bytes,
            time_limit=time_limit,
            allowed_hosts=frozenset(allowed_hosts) | _name_of(host),
        )
        config = uvicorn.Config(
            create_app(model, settings),
            http="h11",
            ws="none",
            log_level="warning",
            access_log=False,
            server_header=False,
            limit_concurrency=100,
        )
        complain(f"serving on {_address(listener)} (Ctrl-C ends it)")
        if not _is_loopback(listener):
            complain(
                "warning: other machines can reach this address; there is no password and no "
                "encryption"
            )
        with contextlib.suppress(KeyboardInterrupt):  # the way to end it, and so no failure
            uvicorn.Server(config).run(sockets=[listener])
    return DONE


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        raise InputError(
            f"cannot listen on {host} port {port}: {error.strerror or error}; "
            "another program may use it: try --port 0"
        ) from None


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _is_loopback(listener: socket.socket) -> bool:
    return ipaddress.ip_address(listener.getsockname()[0]).is_loopback


def _name_of(host: str) -> frozenset[str]:
    """Return the name that was asked for, if it is a name and no address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return frozenset({host})
    return frozenset()
