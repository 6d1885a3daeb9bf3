#!/usr/bin/python3
"""scripts/score_lists on lists whose metrics were worked out by hand."""

import json
import math
import pathlib
import subprocess
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "score_lists"

# Of the first two items: {a} of {a, x, y}, at the second place; none of {c}.
LISTS = [
    {"model": "m", "user": "u", "relevant": ["a", "x", "y"], "ranked": ["b", "a", "x"]},
    {"model": "m", "user": "v", "relevant": ["c"], "ranked": ["a", "b", "c"]},
]
AT_2 = {
    "hit@2": 0.5,
    "recall@2": (1 / 3) / 2,
    "ndcg@2": (1 / math.log2(3)) / (1 + 1 / math.log2(3)) / 2,
    "mrr@2": 0.25,
    "map@2": (1 / 2 / 2) / 2,
}


class ScoreListsTest(unittest.TestCase):
    def score(self, metrics, lists=LISTS, test_users=2):
        with tempfile.TemporaryDirectory() as folder:
            lists_file = pathlib.Path(folder, "lists.jsonl")
            lists_file.write_text("".join(json.dumps(row) + "\n" for row in lists))
            result = pathlib.Path(folder, "result.json")
            result.write_text(json.dumps({"models": {"m": metrics}, "test_users": test_users}))
            return subprocess.run([SCRIPT, lists_file, result], capture_output=True, text=True)

    def test_agrees_with_what_is_right(self):
        done = self.score(AT_2)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("m\trecall@2\t0.1667\n", done.stdout)
        self.assertIn("5 figures", done.stderr)

    def test_differs_from_what_is_wrong_in_the_fourth_digit(self):
        for metric in AT_2:
            wrong = dict(AT_2)
            wrong[metric] += 1e-4
            self.assertEqual(self.score(wrong).returncode, 1, metric)

    def test_every_user_and_model_must_be_there(self):
        self.assertEqual(self.score(AT_2, test_users=3).returncode, 1)
        self.assertEqual(self.score(AT_2, LISTS + [dict(LISTS[0], model="other")]).returncode, 1)


if __name__ == "__main__":
    unittest.main()
