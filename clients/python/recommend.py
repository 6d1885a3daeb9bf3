#!/usr/bin/python3
"""Asks a running Shortlist service for recommendations.

    clients/python/generate_stubs
    clients/python/recommend.py --user 2
    clients/python/recommend.py --items 50,181 --filter genre=Comedy
"""

import argparse
import pathlib
import sys

import grpc

STUBS = pathlib.Path(__file__).resolve().parents[2] / "build" / "python"


def load_stubs(folder):
    """Imports what generate_stubs made."""
    sys.path.insert(0, str(folder))
    try:
        from shortlist.v1 import recommender_pb2, recommender_pb2_grpc
    except ImportError as error:
        sys.exit(f"recommend.py: {error}; run clients/python/generate_stubs first")
    return recommender_pb2, recommender_pb2_grpc


def main():
    parser = argparse.ArgumentParser(description="Ask a running service what to recommend.")
    parser.add_argument("--server", default="127.0.0.1:50051", help="HOST:PORT of the service")
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--user", help="id of a user")
    whom.add_argument("--items", help="for somebody without an id: items seen lately, ID,ID,...")
    parser.add_argument("--count", type=int, default=10, help="how many items")
    parser.add_argument("--filter", action="append", default=[], metavar="ATTRIBUTE=VALUE",
                        help="what every item must have; may be repeated")
    parser.add_argument("--stubs", default=STUBS, help="folder of the generated stubs")
    options = parser.parse_args()
    pb, pb_grpc = load_stubs(options.stubs)

    request = pb.RecommendRequest(count=options.count, explain=True)
    if options.user is not None:
        request.user_id = options.user
    else:
        request.anonymous.recent_item_ids.extend(options.items.split(","))
    for condition in options.filter:
        attribute, _, value = condition.partition("=")
        request.filter.all_of.add(attribute=attribute).any_value.values.append(value)

    with grpc.insecure_channel(options.server) as channel:
        try:
            answer = pb_grpc.RecommenderStub(channel).Recommend(request, timeout=10)
        except grpc.RpcError as error:
            sys.exit(f"recommend.py: {error.code().name}: {error.details()}")

    for place, item in enumerate(answer.items, start=1):
        reason = next((c for c in item.contributions if c.feature != "bias"), None)
        why = f"{reason.feature}: {reason.value}" if reason else ""
        print(f"{place:3}  {item.title or item.item_id:40.40}  {item.probability:6.1%}  {why}")
    milliseconds = answer.timings.total_us / 1000
    print(f"bundle {answer.bundle_id[:8]}, {pb.Rung.Name(answer.rung)}, {milliseconds:.2f} ms")


if __name__ == "__main__":
    main()
