"""HTTP servers of the services, and the marks that say that they are ready."""

import gc
import threading

import settings
from oslo_service import backend
from waitress import server


def use_threads() -> None:
    """oslo.service without eventlet; must come before anything asks for its backend."""
    backend.init_backend(backend.BackendType.THREADING)


def listen(name: str, app, threads: int = 16):
    """Opens the service's port; the caller runs the server."""
    opened = server.create_server(
        app,
        host=settings.HOST,
        port=settings.PORTS[name],
        threads=threads,
        connection_limit=1000,
        channel_timeout=300,
        clear_untrusted_proxy_headers=False,
        max_request_body_size=1 << 33,
        backlog=512,
    )
    ready(name)
    return opened


def ready(name: str) -> None:
    (settings.RUN / f"{name}.ready").touch()


def run(*servers) -> None:
    """Serves until the process is ended."""
    # Hundreds of thousands of objects live as long as the process: looking for cycles among them
    # only costs time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    for extra in servers[1:]:
        threading.Thread(target=extra.run, daemon=True).start()
    servers[0].run()
