"""oslo.messaging's in-process bus (`fake:/`) without its polling, and with what a real broker does
to messages."""

import copy
import threading
import time

import oslo_messaging
import oslo_messaging.rpc.server as rpc_server
from oslo_messaging._drivers import base, impl_fake
from oslo_serialization import jsonutils

_delivered = threading.Condition()


def apply() -> None:
    _wake_listeners()
    _copy_messages()
    _use_threads()


def _wake_listeners() -> None:
    """The stock listener sleeps 50 ms between looks; this one is woken by every delivery."""
    deliver = impl_fake.FakeExchange.deliver_message

    def deliver_message(self, *args, **kwargs):
        deliver(self, *args, **kwargs)
        with _delivered:
            _delivered.notify_all()

    impl_fake.FakeExchange.deliver_message = deliver_message
    impl_fake.FakeListener.poll = base.batch_poll_helper(_poll)


def _poll(self, timeout=None):
    deadline = None if timeout is None else time.monotonic() + timeout
    while not self._stopped.is_set():
        with _delivered:
            message = _next(self)
            if message is not None:
                return message
            left = 1.0 if deadline is None else deadline - time.monotonic()
            if left <= 0:
                break
            _delivered.wait(min(left, 1.0))
    return None


def _next(listener):
    for target in listener._targets:
        exchange = listener._exchange_manager.get_exchange(target.exchange)
        context, message, reply_queue, requeue = exchange.poll(target, listener._pool)
        if message is not None:
            return impl_fake.FakeIncomingMessage(context, message, reply_queue, requeue)
    return None


def _copy_messages() -> None:
    """A broker serialises; without that, sender and receiver would share and change the same
    objects."""
    send = impl_fake.FakeDriver._send

    def _send(self, target, context, message, *args, **kwargs):
        message = jsonutils.loads(jsonutils.dumps(message))
        return send(self, target, copy.copy(context), message, *args, **kwargs)

    impl_fake.FakeDriver._send = _send


def _use_threads() -> None:
    """Magnum and Cinder ask for the eventlet executor by name."""
    get = oslo_messaging.get_rpc_server

    def get_rpc_server(transport, target, endpoints, executor=None, *args, **kwargs):
        return get(transport, target, endpoints, "threading", *args, **kwargs)

    oslo_messaging.get_rpc_server = get_rpc_server
    rpc_server.get_rpc_server = get_rpc_server
