"""A service that speaks oslo.messaging as its configuration files say, told what to do line by line.

Every line of standard input is a JSON object with ``op``, and is answered by one JSON line on standard output:
``{"ok": ...}`` or ``{"error": "<class>", "text": ..., "seconds": ...}``. It ends with its input.
"""

import concurrent.futures
import json
import logging
import sys
import threading
import time
import traceback

import oslo_messaging
from oslo_config import cfg


class Clock:
    """Times messages from when they were meant to be sent; the monotonic clock is the same for all processes."""

    def __init__(self):
        self.latencies = []
        self.senders = {}
        self.duplicates = 0
        self.disordered = 0
        self.lock = threading.Lock()

    def take(self, value):
        """Count one message, unless it belongs to the warm-up."""
        if not value["counted"]:
            return
        with self.lock:
            seen = self.senders.setdefault(value["sender"], {"all": set(), "last": -1})
            at = value["sequence"]
            if at in seen["all"]:
                self.duplicates += 1
                return
            self.latencies.append((time.monotonic() - value["intended"]) * 1000)
            self.disordered += at < seen["last"]
            seen["all"].add(at)
            seen["last"] = max(seen["last"], at)


class Endpoint:
    """What an RPC server does when it is called; casts and fan-outs are counted by what they carry."""

    target = oslo_messaging.Target(version="1.0")

    def __init__(self, name):
        self.name = name
        self.notes = []
        self.lock = threading.Lock()
        self.clock = Clock()

    def echo(self, ctxt, value):
        """Answer with what came and who answers."""
        return {"value": value, "server": self.name}

    def fail(self, ctxt, value):
        """Raise, so that the caller sees a remote exception."""
        raise ValueError(value)

    def note(self, ctxt, value):
        """Remember a cast or fan-out."""
        with self.lock:
            self.notes.append(value)

    def timed(self, ctxt, value):
        """Take what says when it was meant to be sent, and answer it."""
        self.clock.take(value)
        return value


class Listener:
    """Remembers the notifications that it hears."""

    def __init__(self):
        self.heard = []
        self.clock = Clock()

    def info(self, ctxt, publisher_id, event_type, payload, metadata):
        """Remember one notification of priority ``info``."""
        if event_type == "timed":
            self.clock.take(payload)
        else:
            self.heard.append({"event": event_type, "payload": payload})
        return oslo_messaging.NotificationResult.HANDLED


class Agent:
    """Carries out one operation after the other."""

    def __init__(self, conf):
        self.conf = conf
        self.rpc = None
        self.bus = None
        self.endpoint = None
        self.listener = Listener()
        self.servers = []

    def transport(self):
        """The transport of RPC, made when it is first needed."""
        if self.rpc is None:
            self.rpc = oslo_messaging.get_rpc_transport(self.conf)
        return self.rpc

    def notification_transport(self):
        """The transport of notifications."""
        if self.bus is None:
            self.bus = oslo_messaging.get_notification_transport(self.conf)
        return self.bus

    def client(self, topic, server=None, fanout=None, timeout=None):
        """A client of a topic, of one server or of all that listen."""
        target = oslo_messaging.Target(topic=topic, server=server, fanout=fanout, version="1.0")
        # Up to Yoga there is the class only.
        make = getattr(oslo_messaging, "get_rpc_client", oslo_messaging.RPCClient)
        return make(self.transport(), target, timeout=timeout)

    def notifier(self, topic):
        """A sender of notifications."""
        return oslo_messaging.Notifier(
            self.notification_transport(), publisher_id="agent", driver="messagingv2", topics=[topic]
        )

    def op_versions(self):
        """Which library answers, and the drivers that the configuration names."""
        from importlib.metadata import version

        # Both register the options that are read here.
        self.transport()
        self.notification_transport()
        return {
            "oslo.messaging": version("oslo.messaging"),
            "python": sys.version.split()[0],
            "rpc": self.driver(None),
            "notifications": self.driver(self.conf.oslo_messaging_notifications.transport_url),
        }

    def driver(self, url):
        """The driver of a transport URL; none: of RPC's."""
        return oslo_messaging.TransportURL.parse(self.conf, url or None).transport

    def op_serve(self, topic, server):
        """Start an RPC server."""
        self.endpoint = Endpoint(server)
        running = oslo_messaging.get_rpc_server(
            self.transport(),
            oslo_messaging.Target(topic=topic, server=server),
            [self.endpoint],
            executor="threading",
            access_policy=oslo_messaging.DefaultRPCAccessPolicy,
        )
        running.start()
        self.servers.append(running)

    def op_listen(self, topic):
        """Start to listen to notifications."""
        target = oslo_messaging.Target(topic=topic)
        running = oslo_messaging.get_notification_listener(
            self.notification_transport(), [target], [self.listener], executor="threading"
        )
        running.start()
        self.servers.append(running)

    def op_notes(self):
        """What casts and fan-outs carried so far."""
        return list(self.endpoint.notes) if self.endpoint else []

    def op_heard(self):
        """The notifications that were heard so far."""
        return list(self.listener.heard)

    def op_call(self, topic, value, method="echo", server=None, timeout=None):
        """Call and wait for the answer."""
        started = time.monotonic()
        answer = self.client(topic, server, timeout=timeout).call({}, method, value=value)
        return {"answer": answer, "seconds": time.monotonic() - started}

    def op_cast(self, topic, value, server=None, fanout=None):
        """Send without waiting for an answer."""
        self.client(topic, server, fanout).cast({}, "note", value=value)

    def op_notify(self, topic, event, payload):
        """Send a notification."""
        self.notifier(topic).info({}, event, payload)

    def op_load(self, topic, seconds, clients=4, timeout=5, size=1024):
        """Call as fast as it goes, and tell how long calls took and how many failed."""
        times, failures, gaps = [], [], []
        until = time.monotonic() + seconds

        def work():
            client = self.client(topic, timeout=timeout)
            last = time.monotonic()
            while time.monotonic() < until:
                started = time.monotonic()
                try:
                    client.call({}, "echo", value="x" * size)
                    times.append(time.monotonic() - started)
                    gaps.append(time.monotonic() - last)
                    last = time.monotonic()
                except Exception as error:
                    failures.append([type(error).__name__, time.monotonic() - started])

        threads = [threading.Thread(target=work) for _ in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        times.sort()
        return {
            "calls": len(times),
            "failures": failures,
            "p50": times[len(times) // 2] if times else None,
            "p99": times[int(len(times) * 0.99)] if times else None,
            "longestGap": max(gaps, default=None),
        }

    def op_arrivals(self, pattern, topic, sender, rate, seconds, warmup, size, timeout):
        """Send at a fixed rate, whatever becomes of what was sent before, and time each from when it was due."""
        latencies, lateness, failures = [], [], {}
        lock = threading.Lock()
        send = self.sending(pattern, topic, timeout)
        padding = "x" * size
        start = time.monotonic() + 0.2

        def one(at):
            intended = start + at / rate
            counted = at / rate >= warmup
            late = time.monotonic() - intended
            try:
                send({"intended": intended, "sender": sender, "sequence": at, "counted": counted, "x": padding})
                kind = None
            except Exception as error:
                kind = type(error).__name__
            took = time.monotonic() - intended
            if not counted:
                return
            with lock:
                lateness.append(late * 1000)
                if kind is None:
                    latencies.append(took * 1000)
                else:
                    failures[kind] = failures.get(kind, 0) + 1

        before, began = time.process_time(), time.monotonic()
        # As many as can be under way at once: more would wait in the pool, which lateness then tells.
        workers = max(8, min(512, int(rate * timeout)))
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            for at in range(int(rate * (warmup + seconds))):
                time.sleep(max(0, start + at / rate - time.monotonic()))
                pool.submit(one, at)
        busy = (time.process_time() - before) / (time.monotonic() - began)
        return {"latencies": latencies, "lateness": lateness, "failures": failures, "busy": busy}

    def sending(self, pattern, topic, timeout):
        """What sends one message of a pattern."""
        if pattern == "notification":
            notifier = self.notifier(topic)
            return lambda value: notifier.info({}, "timed", value)
        client = self.client(topic, fanout=pattern == "fanout", timeout=timeout)
        send = client.call if pattern == "call" else client.cast
        return lambda value: send({}, "timed", value=value)

    def op_deliveries(self, pattern):
        """What came of what counts."""
        clock = self.listener.clock if pattern == "notification" else self.endpoint.clock
        with clock.lock:
            return {
                "latencies": list(clock.latencies),
                "duplicates": clock.duplicates,
                "disordered": clock.disordered,
            }

    def run(self):
        """Answer every line of standard input."""
        for line in sys.stdin:
            request = json.loads(line)
            work = getattr(self, "op_" + request.pop("op"))
            started = time.monotonic()
            try:
                answer = {"ok": work(**request)}
            except Exception as error:
                answer = {
                    "error": type(error).__name__,
                    # Some of oslo's exceptions cannot be turned into text by str().
                    "text": "".join(traceback.format_exception_only(error))[:500],
                    "seconds": time.monotonic() - started,
                }
            print(json.dumps(answer), flush=True)


def main():
    """Read the configuration files that the arguments name, as a service does."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO)
    # The library keeps some options of its own in the global object.
    conf = cfg.CONF
    conf(sys.argv[1:], project="agent")
    oslo_messaging.set_transport_defaults("fabric")
    Agent(conf).run()


if __name__ == "__main__":
    main()
