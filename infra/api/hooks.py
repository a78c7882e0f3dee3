"""Who Schemathesis is while it calls, and what it knows: what no description of the API can tell it."""

import itertools
import os
import pathlib
import re
import time

import requests
import schemathesis

PASSWORD = os.environ["PASSWORD"]
PREDEFINED = "904cb473-5d17-4885-9363-46f466a7d140"
ENDING = {"POST /api/auth/logout/", "POST /api/logout/", "POST /api/accounts/logout/", "POST /api/user/logout/", "DELETE /api/user-profile/"}

ADMIN = "/api/admin/"
# Beyond whoever comes to be while this runs.
NOBODY = 10**9

numbers = itertools.count(1)


def call(path, body):
    answer = requests.post(os.environ["API"] + path, json=body, timeout=30)
    answer.raise_for_status()
    return answer.json()


def member():
    """Somebody new."""
    username = f"member-{next(numbers)}"
    body = {"username": username, "email": f"{username}@example.org", "password": PASSWORD}
    return call("/api/register/", body)["user"]


def mailed_token(email):
    """What stands in the link that confirms an address, once the mail is there."""
    link, until = re.compile(r"/verify-email/\?token=(\S+)"), time.monotonic() + 30
    while time.monotonic() < until:
        for mail in pathlib.Path(os.environ["MAILS"]).glob("*.eml"):
            text = mail.read_text()
            found = link.search(text)
            if found and f"<{email}>" in text:
                return found[1]
        requests.get(os.environ["API"] + "/health/", timeout=30)
    raise LookupError(f"no mail to {email}")


@schemathesis.auth(refresh_interval=None)
class Session:
    """A token of our own API: a member's, with an account for each call, so that none takes away what another one needs;
    a new guest's each time for calls that end the session; and the admin's for what admins do."""

    def __init__(self):
        self.members = {}

    def get(self, case, context):
        label = case.operation.label
        if label in ENDING:
            return call("/api/auth/guest/", {"display_name": "Guest"})["access_token"]
        if label not in self.members:
            email = os.environ["ADMIN_EMAIL"] if ADMIN in label else member()["email"]
            tokens = call("/api/auth/login/", {"email": email, "password": PASSWORD})
            self.members[label] = tokens["access_token"]
        return self.members[label]

    def set(self, case, token, context):
        case.headers["Authorization"] = f"Bearer {token}"


class Known:
    """What exists, in the place of half of what was made up: so that calls also succeed."""

    def __init__(self):
        username = member()["username"]
        # Nobody else's sessions may be ended, nobody else disabled.
        self.managed = member()["id"]
        self.values = {
            "GET /media_get/": {"media_id": PREDEFINED},
            "GET /api/users/": {"username": "member"},
            "POST /api/login/": {"username": username, "password": PASSWORD, "phrase": None},
            "POST /api/auth/login/": {"email": f"{username}@example.org", "password": PASSWORD, "phrase": None},
            # Good once.
            "POST /api/auth/verify-email/": {"token": mailed_token(member()["email"]), "password": PASSWORD, "phrase": None},
            "POST /api/auth/verify-email/account/": {"token": mailed_token(member()["email"])},
            "POST /api/auth/password/": {"current_password": PASSWORD, "current_phrase": None},
        }

    def put_into(self, operation, fields):
        """The same fields always become the same: what fails can be made to fail again."""
        values = self.values.get(operation.label, {})
        if isinstance(fields, dict) and values and len(repr(fields)) % 2 == 0:
            known = {name: values[name] for name, made_up in fields.items() if name in values and is_text(made_up)}
            return {name: value for name, value in {**fields, **known}.items() if value is not None}
        return fields

    def somebody(self, fields):
        """Where an admin names somebody by a number, that is one member or nobody."""
        number = str(fields.get("id", ""))
        if not number.isdecimal() or int(number) == 0:
            return fields
        return {**fields, "id": self.managed if int(number) % 2 else NOBODY + int(number)}


def is_text(value):
    return isinstance(value, str) and value != ""


known = None


def what_is_known():
    global known
    known = known or Known()
    return known


def put_known(context, fields):
    return what_is_known().put_into(context.operation, fields)


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    if ADMIN in context.operation.label and isinstance(path_parameters, dict):
        return what_is_known().somebody(path_parameters)
    return path_parameters


@schemathesis.hook
def map_query(context, query):
    return put_known(context, query)


@schemathesis.hook
def map_body(context, body):
    return put_known(context, body)
