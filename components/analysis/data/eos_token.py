"""Gets a new token of EOS's from an OAuth2 provider and puts it into a Secret, from which pods have it.

Reads the client in the folder `--client` (`id`, `secret`, and `refresh_token` where one was given), and writes the token's
file, as EOS wants it, under `token` of the Secret `--secret`. A provider that replaces the refresh token with every use
is followed: the newest one is kept in the Secret `--kept`.
"""

import argparse
import base64
import hashlib
import json
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

TIMEOUT = 30


def fetched(url, data=None, method=None, headers=None, context=None):
    request = urllib.request.Request(url, data=data, method=method, headers=headers or {})
    with urllib.request.urlopen(request, timeout=TIMEOUT, context=context) as response:
        return json.load(response)


class Secrets:
    """Secrets of the pod's own namespace, by its service account."""

    def __init__(self, api, account):
        self.namespace = (account / "namespace").read_text().strip()
        self.url = f"{api}/api/v1/namespaces/{self.namespace}/secrets"
        self.headers = {"Authorization": f"Bearer {(account / 'token').read_text().strip()}"}
        self.context = ssl.create_default_context(cafile=account / "ca.crt")

    def read(self, name, key):
        data = fetched(f"{self.url}/{name}", headers=self.headers, context=self.context).get("data") or {}
        return base64.b64decode(data[key]).decode() if key in data else None

    def write(self, name, key, value):
        headers = {**self.headers, "Content-Type": "application/merge-patch+json"}
        body = json.dumps({"stringData": {key: value}}).encode()
        fetched(f"{self.url}/{name}", body, "PATCH", headers, self.context)


def answer_of(url, client, refresh_token):
    """The provider's answer: by the refresh token, or by the client itself where there is none."""
    grant = {"grant_type": "client_credentials"}
    if refresh_token is not None:
        grant = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    form = urllib.parse.urlencode({**grant, "client_id": client["id"], "client_secret": client["secret"]})
    return fetched(url, form.encode(), "POST")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True, help="the provider's token endpoint")
    parser.add_argument("--userinfo", required=True, help="where EOS asks whose token it is, without https://")
    parser.add_argument("--client", type=Path, required=True)
    parser.add_argument("--secret", required=True)
    parser.add_argument("--kept", required=True)
    parser.add_argument("--api", default="https://kubernetes.default.svc")
    parser.add_argument("--account", type=Path, default=Path("/var/run/secrets/kubernetes.io/serviceaccount"))
    given = parser.parse_args()
    client = {file.name: file.read_text().strip() for file in given.client.iterdir() if file.is_file()}
    secrets = Secrets(given.api, given.account)
    refresh_token = first = client.get("refresh_token")
    # Kept under the first one's name: who gives another one wants that to count.
    key = first and hashlib.sha256(first.encode()).hexdigest()[:16]
    if first is not None:
        refresh_token = secrets.read(given.kept, key) or first
    try:
        answer = answer_of(given.url, client, refresh_token)
    except urllib.error.HTTPError as error:
        # The provider's reason, which has no secret in it; its headers and our form might.
        sys.exit(f"{given.url} gave no token: {error.code} {error.read(500).decode(errors='replace')}")
    # First of all: the old one may be worth nothing any more.
    if refresh_token is not None and answer.get("refresh_token", refresh_token) != refresh_token:
        secrets.write(given.kept, key, answer["refresh_token"])
    secrets.write(given.secret, "token", f"oauth2:{answer['access_token']}:{given.userinfo}")
    print(f"A new token of {answer.get('expires_in', 'unknown')} s is in the Secret {given.secret}.")


if __name__ == "__main__":
    main()
