"""A steady stream of requests, and what came of each."""

import collections
import json
import threading
import time

import grpc

Answer = collections.namedtuple("Answer", "sent seconds error rung bundle mixed state_unavailable")

SERVICE_CONFIG = {
    "loadBalancingConfig": [{"round_robin": {}}],
    "healthCheckConfig": {"serviceName": "shortlist.v1.Recommender"},
    "methodConfig": [{
        "name": [{}],
        "retryPolicy": {"maxAttempts": 3, "initialBackoff": "0.001s", "maxBackoff": "0.01s",
                        "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}]}


def connect(target, by_health=True):
    """A channel as a product should make it: over all replicas, by their health."""
    config = dict(SERVICE_CONFIG)
    if not by_health:
        del config["healthCheckConfig"]
    return grpc.insecure_channel(target, options=[
        ("grpc.service_config", json.dumps(config)),
        ("grpc.enable_http_proxy", 0),
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 1000)])


class Traffic:
    """Sends `rate` requests a second, whether the ones before are answered or not, until stopped."""

    def __init__(self, target, messages, stubs, users, rate, prefixes):
        self.channel = connect(target)
        self.stub = stubs.RecommenderStub(self.channel)
        self.messages = messages
        self.users = users
        self.rate = rate
        self.prefixes = prefixes  # By bundle: how the titles of its items begin.
        self.answers = []
        self.lock = threading.Lock()
        self.waiting = []  # When those were sent that are not answered yet.
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._send)
        self.thread.start()

    def _send(self):
        begin = time.monotonic()
        number = 0
        while not self.stopping.is_set():
            wait = begin + number / self.rate - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            request = self.messages.RecommendRequest(user_id=self.users[number % len(self.users)],
                                                     count=10)
            number += 1
            sent = time.monotonic()
            with self.lock:
                self.waiting.append(sent)
            # Without a deadline: the service has its own budget.
            call = self.stub.Recommend.future(request)
            call.add_done_callback(lambda done, sent=sent: self._note(sent, done))

    def _note(self, sent, call):
        seconds = time.monotonic() - sent
        if call.code() == grpc.StatusCode.OK:
            response = call.result()
            prefix = self.prefixes.get(response.bundle_id)
            mixed = prefix is None or any(not item.title.startswith(prefix)
                                          for item in response.items) or not response.items
            answer = Answer(sent, seconds, None, self.messages.Rung.Name(response.rung),
                            response.bundle_id, mixed, response.state_unavailable)
        else:
            answer = Answer(sent, seconds, f"{call.code().name}: {call.details()}", None, None,
                            False, False)
        with self.lock:
            self.answers.append(answer)
            self.waiting.remove(sent)

    def between(self, begin, end):
        """What was sent then, once it is all answered."""
        while True:
            with self.lock:
                if all(sent >= end for sent in self.waiting):
                    return [answer for answer in self.answers if begin <= answer.sent < end]
            time.sleep(0.02)

    def last(self, count):
        """The answers that came last."""
        with self.lock:
            return self.answers[-count:]

    def stop(self):
        self.stopping.set()
        self.thread.join()
        while True:
            with self.lock:
                if not self.waiting:
                    break
            time.sleep(0.01)
        self.channel.close()


def p99(answers):
    """Seconds, of those that were answered."""
    times = sorted(answer.seconds for answer in answers if answer.error is None)
    return times[min(len(times) - 1, int(0.99 * len(times)))] if times else float("inf")
