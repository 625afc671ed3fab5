import threading

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpResponse

from portal.ui.limits import client_address, hit, parse_rate, rate_limited, seconds_left

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                ("django.template.loaders.locmem.Loader", {"429.html": "Wait {{ retry_after }}"})
            ]
        },
    }
]
NOON = "2026-07-01T12:00:10Z"


@pytest.fixture(autouse=True)
def limits(settings):
    settings.RATE_LIMITS = True
    settings.TEMPLATES = TEMPLATES
    settings.CACHES = {
        **settings.CACHES,
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "limits",
        },
    }
    cache.clear()


class Visitor:
    is_authenticated = True

    def __init__(self, pk):
        self.pk = pk


@rate_limited("test", "2/m")
def view(request):
    return HttpResponse("done")


def ask(rf, user=None, method="post", **meta):
    request = getattr(rf, method)("/", **meta)
    request.user = user or AnonymousUser()
    return view(request)


@time_machine.travel(NOON, tick=False)
def test_hit_passes_up_to_the_limit():
    assert [hit("vote", "a", 3, 60) for _ in range(5)] == [True, True, True, False, False]


@time_machine.travel(NOON, tick=False)
def test_hit_counts_scopes_and_keys_apart():
    assert hit("vote", "a", 1, 60)
    assert hit("vote", "b", 1, 60)
    assert hit("post", "a", 1, 60)
    assert not hit("vote", "a", 1, 60)


def test_hit_forgets_with_the_window():
    with time_machine.travel(NOON, tick=False) as clock:
        assert [hit("vote", "a", 1, 60) for _ in range(2)] == [True, False]
        clock.shift(60)
        assert hit("vote", "a", 1, 60)


def test_hit_is_lifted_by_the_setting(settings):
    settings.RATE_LIMITS = False

    assert all(hit("vote", "a", 1, 60) for _ in range(9))


@pytest.mark.parametrize("answer", [True, False])
def test_hit_answers_as_told_without_a_cache(settings, caplog, answer):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

    assert hit("vote", "a", 9, 60, open_on_failure=answer) is answer
    assert [record.message for record in caplog.records] == ["The cache cannot count vote"]
    caplog.clear()


@pytest.mark.races
@time_machine.travel(NOON, tick=False)
def test_hit_lets_exactly_the_limit_through_in_many_threads():
    barrier = threading.Barrier(8)
    answers = []

    def work():
        barrier.wait()
        for _ in range(25):
            answers.append(hit("race", "a", 50, 60))  # noqa: PERF401

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(answers), sum(answers)) == (200, 50)


@time_machine.travel(NOON, tick=False)
def test_rate_limited_view_says_when_to_come_back(rf):
    answers = [ask(rf) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "50"
    assert answers[2].content == b"Wait 50"


@time_machine.travel(NOON, tick=False)
def test_rate_limited_view_counts_members_apart(rf):
    answers = [ask(rf, Visitor(pk)).status_code for pk in (1, 1, 1, 2)]

    assert answers == [200, 200, 429, 200]


@time_machine.travel(NOON, tick=False)
def test_rate_limited_view_counts_addresses_apart(rf):
    addresses = ["10.0.0.1"] * 3 + ["10.0.0.2"]

    assert [ask(rf, REMOTE_ADDR=address).status_code for address in addresses] == [
        200,
        200,
        429,
        200,
    ]


@time_machine.travel(NOON, tick=False)
def test_rate_limited_view_may_be_read_at_will(rf):
    assert [ask(rf, method="get").status_code for _ in range(5)] == [200] * 5


def test_rate_limited_view_keeps_its_name():
    assert view.__name__ == "view"


@pytest.mark.parametrize(
    ("rate", "parsed"),
    [("20/m", (20, 60)), ("1/s", (1, 1)), ("5/h", (5, 3600)), ("2/d", (2, 86400))],
)
def test_parse_rate_reads_all_units(rate, parsed):
    assert parse_rate(rate) == parsed


@pytest.mark.parametrize("rate", ["20", "x/m", "20/y", ""])
def test_parse_rate_refuses_the_rest(rate):
    with pytest.raises((ValueError, KeyError)):
        parse_rate(rate)


@time_machine.travel(NOON, tick=False)
def test_seconds_left_is_never_nothing():
    assert (seconds_left(60), seconds_left(1), seconds_left(10)) == (50, 1, 10)


@pytest.mark.parametrize(
    ("meta", "address"),
    [
        ({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6"}, "10.0.0.1"),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6"}, "6.6.6.6"),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_REAL_IP": "6.6.6.6"}, "127.0.0.1"),
        ({"REMOTE_ADDR": "2001:db8::1:2:3:4"}, "2001:db8::/64"),
        ({"REMOTE_ADDR": "::ffff:10.0.0.1"}, "10.0.0.1"),
        ({"REMOTE_ADDR": ""}, "unknown"),
    ],
)
def test_client_address_is_of_one_household(rf, settings, meta, address):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]

    assert client_address(rf.get("/", **meta)) == address
