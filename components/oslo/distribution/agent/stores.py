"""Clients of etcd (v3, JSON gateway) and Consul's key-value store; standard library alone."""

import base64
import http.client
import json
import ssl
import time
import urllib.parse
from typing import NamedTuple

REQUEST_SECONDS = 15


class StoreError(Exception):
    """The store cannot be reached, or refuses; what is applied stays."""


class Pointer(NamedTuple):
    version: str | None
    revision: int


class Http:
    """Requests to whichever endpoint answers, beginning with the one that answered last."""

    def __init__(self, settings: dict) -> None:
        self.endpoints = [urllib.parse.urlsplit(url) for url in settings["endpoints"]]
        self.context = ssl.create_default_context(cafile=settings.get("ca"))
        if settings.get("cert"):
            self.context.load_cert_chain(settings["cert"], settings["key"])

    def connect(
        self, endpoint: urllib.parse.SplitResult, timeout: float
    ) -> http.client.HTTPConnection:
        if endpoint.scheme == "https":
            return http.client.HTTPSConnection(
                endpoint.hostname, endpoint.port, timeout=timeout, context=self.context
            )
        return http.client.HTTPConnection(endpoint.hostname, endpoint.port, timeout=timeout)

    def open(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: dict,
        timeout: float = REQUEST_SECONDS,
    ):
        """A connection and its response, not yet read."""
        failures = []
        for endpoint in list(self.endpoints):
            connection = self.connect(endpoint, timeout)
            try:
                connection.request(method, path, body, headers)
                return connection, connection.getresponse()
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                failures.append(f"{endpoint.netloc}: {error or type(error).__name__}")
                self.endpoints.append(self.endpoints.pop(0))
        raise StoreError(f"no endpoint answers ({'; '.join(failures)})")

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict | None = None,
        timeout=REQUEST_SECONDS,
    ):
        connection, response = self.open(method, path, body, headers or {}, timeout)
        try:
            return response.status, response.headers, response.read()
        except (OSError, http.client.HTTPException) as error:
            raise StoreError(f"the answer was cut off: {error}") from error
        finally:
            connection.close()


class Etcd:
    def __init__(self, settings: dict) -> None:
        self.http = Http(settings)
        self.user = settings.get("user")
        self.secret = settings.get("secret")
        self.token: str | None = None

    def get(self, key: str) -> tuple[bytes | None, int]:
        """Value and store revision; the revision is where a watch goes on without a gap."""
        answer = self._call("/v3/kv/range", {"key": _b64(key)})
        found = answer.get("kvs", [])
        value = base64.b64decode(found[0].get("value", "")) if found else None
        return value, int(answer["header"]["revision"])

    def list(self, prefix: str) -> dict[str, bytes]:
        end = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        answer = self._call("/v3/kv/range", {"key": _b64(prefix), "range_end": _b64(end)})
        return {
            base64.b64decode(kv["key"]).decode(): base64.b64decode(kv.get("value", ""))
            for kv in answer.get("kvs", [])
        }

    def put(self, key: str, value: str) -> None:
        self._call("/v3/kv/put", {"key": _b64(key), "value": _b64(value)})

    def wait(self, key: str, revision: int, seconds: float) -> None:
        """Until the key has changed after the revision, or the time is over."""
        request = json.dumps(
            {"create_request": {"key": _b64(key), "start_revision": str(revision + 1)}}
        ).encode()
        connection, response = self.http.open("POST", "/v3/watch", request, self._headers())
        deadline = time.monotonic() + seconds
        try:
            while (left := deadline - time.monotonic()) > 0:
                if connection.sock:
                    connection.sock.settimeout(left)
                line = response.readline()
                result = json.loads(line or b"{}").get("result", {})
                if not result or result.get("events") or result.get("canceled"):
                    return
        except TimeoutError:
            return
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise StoreError(f"the watch ended: {error}") from error
        finally:
            connection.close()

    def _headers(self) -> dict:
        return {
            "Content-Type": "application/json",
            **({"Authorization": self.token} if self.token else {}),
        }

    def _call(self, path: str, body: dict, again: bool = True) -> dict:
        if self.user and not self.token:
            self._login()
        status, _, answer = self.http.request(
            "POST", path, json.dumps(body).encode(), self._headers()
        )
        # A token ends after five minutes without use, and when the server that gave it restarts.
        if again and self.user and status in (400, 401) and b"auth" in answer:
            self.token = None
            return self._call(path, body, again=False)
        if status != 200:
            raise StoreError(f"etcd answers {status}: {_message(answer)}")
        return json.loads(answer)

    def _login(self) -> None:
        body = json.dumps({"name": self.user, "password": self.secret}).encode()
        status, _, answer = self.http.request(
            "POST", "/v3/auth/authenticate", body, {"Content-Type": "application/json"}
        )
        if status != 200:
            raise StoreError(
                f"etcd does not let user {self.user} in ({status}: {_message(answer)})"
            )
        self.token = json.loads(answer)["token"]


class Consul:
    def __init__(self, settings: dict) -> None:
        self.http = Http(settings)
        self.secret = settings.get("secret")

    def get(self, key: str) -> tuple[bytes | None, int]:
        status, headers, answer = self._call("GET", key, "?consistent", (200, 404))
        value = base64.b64decode(json.loads(answer)[0]["Value"] or "") if status == 200 else None
        return value, int(headers.get("X-Consul-Index", "0"))

    def list(self, prefix: str) -> dict[str, bytes]:
        status, _, answer = self._call("GET", prefix, "?recurse&consistent", (200, 404))
        found = json.loads(answer) if status == 200 else []
        return {kv["Key"]: base64.b64decode(kv["Value"] or "") for kv in found}

    def put(self, key: str, value: str) -> None:
        self._call("PUT", key, "", (200,), value.encode())

    def wait(self, key: str, revision: int, seconds: float) -> None:
        """A blocking query; Consul adds up to a sixteenth to the time."""
        query = f"?index={max(revision, 1)}&wait={seconds:.0f}s"
        self._call("GET", key, query, (200, 404), timeout=seconds * 1.1 + REQUEST_SECONDS)

    def _call(
        self,
        method: str,
        key: str,
        query: str,
        good: tuple,
        body: bytes | None = None,
        timeout=REQUEST_SECONDS,
    ):
        headers = {"X-Consul-Token": self.secret} if self.secret else {}
        path = f"/v1/kv/{urllib.parse.quote(key)}{query}"
        status, answered, answer = self.http.request(method, path, body, headers, timeout)
        if status not in good:
            raise StoreError(f"consul answers {status}: {answer[:200].decode(errors='replace')}")
        return status, answered, answer


def open_store(settings: dict) -> Etcd | Consul:
    return {"etcd": Etcd, "consul": Consul}[settings["store"]](settings)


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _message(answer: bytes) -> str:
    try:
        return str(json.loads(answer).get("message", ""))[:200]
    except ValueError:
        return answer[:200].decode(errors="replace")
