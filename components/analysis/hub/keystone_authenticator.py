"""Logs users into JupyterHub by their names and passwords of Keystone (Identity API v3).

Run as a part of the hub's configuration. Users of another domain than the configured one are `domain\\name`, to log in and
to the hub. Roles in the configured project become groups.
"""

import json

from jupyterhub.auth import Authenticator
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from traitlets import Set, Unicode


class KeystoneAuthenticator(Authenticator):
    """Asks Keystone for a token and throws it away: that it is given is the proof."""

    auth_url = Unicode(config=True, help="Keystone's address with its version.")
    user_domain = Unicode("Default", config=True, help="Domain of users who name none.")
    project = Unicode("", config=True, help="Project that a user must have a role in.")
    project_domain = Unicode("Default", config=True, help="The project's domain.")
    allowed_groups = Set(config=True, help="Roles in the project whose users may log in.")

    def normalize_username(self, username):
        """As it is: whether Keystone knows `Alice` and `alice` apart depends on its database, and it says who it was."""
        return username

    async def authenticate(self, handler, data):
        domain, _, name = data["username"].strip().rpartition("\\")
        if not name or not data["password"]:
            return None
        token = await self._token(name, domain or self.user_domain, data["password"])
        if token is None or "\\" in token["user"]["name"]:
            return None
        return {"name": self._hub_name(token["user"]), "groups": [role["name"] for role in token.get("roles", [])]}

    def check_allowed(self, username, authentication=None):
        if super().check_allowed(username, authentication):
            return True
        return not self.allowed_groups.isdisjoint((authentication or {}).get("groups") or [])

    def _hub_name(self, user):
        domain = user["domain"]["name"]
        return user["name"] if domain.lower() == self.user_domain.lower() else f"{domain}\\{user['name']}"

    async def _token(self, name, domain, password):
        user = {"name": name, "domain": {"name": domain}, "password": password}
        auth = {"identity": {"methods": ["password"], "password": {"user": user}}}
        if self.project:
            auth["scope"] = {"project": {"name": self.project, "domain": {"name": self.project_domain}}}
        request = HTTPRequest(
            f"{self.auth_url}/auth/tokens?nocatalog",
            method="POST",
            headers={"Content-Type": "application/json"},
            body=json.dumps({"auth": auth}),
            request_timeout=20,
            follow_redirects=False,
        )
        try:
            response = await AsyncHTTPClient().fetch(request)
        except HTTPClientError as error:
            # 401 is also what Keystone answers to those without a role in the project.
            if error.code == 401:
                self.log.warning("Keystone refused %s of domain %s", name, domain)
                return None
            raise
        return json.loads(response.body)["token"]


if "c" in globals():
    c.JupyterHub.authenticator_class = KeystoneAuthenticator  # noqa: F821
