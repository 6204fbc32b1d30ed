"""Who asks, and with what: without a shopper, an operator and things that exist, most answers would be refusals."""

import itertools
import os
import random
import threading

import requests
import schemathesis

ORIGIN = os.environ["MENAGERIE_SERVER"]
TOKEN = os.environ["MENAGERIE_TOKEN"]
EMAIL = "anna@shop.example"
PASSWORD = "a sentence to fuzz with"

numbers = itertools.count(1)


def head():
    """Each request from an address of its own, so that paces are not what is tried, and from the shop's own page."""
    number = next(numbers)
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    return {"X-Forwarded-For": address, "Sec-Fetch-Site": "same-origin"}


class Shopper:
    """Somebody who is signed in, again and again: requests sign them out and delete them."""

    def __init__(self):
        self.lock = threading.Lock()
        self.session = requests.Session()

    def ask(self, method, path, **more):
        return self.session.request(method, f"{ORIGIN}/api/v1/{path}", headers=head(), timeout=20, **more)

    def cookie(self):
        with self.lock:
            if self.ask("GET", "account/sessions").status_code != 200:
                self.session.cookies.clear()
                who = {"name": "Anna", "email": EMAIL, "password": PASSWORD}
                signed_in = self.ask("POST", "session", json=who)
                if signed_in.status_code != 200:
                    self.ask("POST", "accounts", json=who).raise_for_status()
            return self.session.cookies["menagerie_session"]

    def total(self, country, delivery):
        """What an order would cost now, with something in the cart."""
        with self.lock:
            self.ask("POST", "cart/items", json={"variant_id": random.randint(1, 400), "quantity": 1})
            quote = self.ask("POST", "checkout/quote", json={"country": country, "delivery": delivery})
            return quote.json()["total"]["amount"] if quote.ok else 0


shopper = Shopper()


@schemathesis.auth()
class WhoAsks:
    """The shopper where a session is wanted, an operator where a token is."""

    def get(self, case, context):
        return "both"

    def set(self, case, data, context):
        wanted = {name for way in case.operation.definition.raw.get("security") or [] for name in way}
        if "token" in wanted:
            case.headers["Authorization"] = f"Bearer {TOKEN}"
        elif wanted or case.path.endswith("/orders"):
            case.cookies["menagerie_session"] = shopper.cookie()


# What exists, by the names that the document gives it.
KNOWN = {
    "country": ["DE", "AT", "US"],
    "postcode": ["10115"],
    "delivery": ["standard", "express"],
    "variant_id": range(1, 401),
    "product": range(1, 81),
    "app": ["cart", "home", "shell"],
}


def known(name, value):
    """Often something that exists, in place of what has the same type."""
    choices = KNOWN.get(name)
    if choices and type(value) is type(choices[0]) and random.random() < 0.7:
        return random.choice(choices)
    return filled(value)


def filled(value):
    if isinstance(value, dict):
        return {name: known(name, inner) for name, inner in value.items()}
    return value


@schemathesis.hook
def map_body(context, body):
    return filled(body)


@schemathesis.hook
def map_path_parameters(context, parameters):
    return filled(parameters)


@schemathesis.hook
def before_call(context, case, kwargs):
    case.headers.update(head())
    orders = case.method == "POST" and case.path == "/api/v1/orders"
    if orders and isinstance(case.body, dict) and isinstance(case.body.get("expected_total"), int):
        case.body["expected_total"] = shopper.total("DE", "standard")
        # Nobody has seen a cart.
        case.body.pop("expected_lines", None)


@schemathesis.hook
def filter_query(context, query):
    """An empty value is as good as none, whatever is asked for; no document can say that."""
    return not query or "" not in query.values()


@schemathesis.serializer("application/x-tar")
def not_a_release(context, value):
    """A release is a tar archive; what is tried here are ones that are none."""
    return value if isinstance(value, bytes) else str(value).encode()
