#!/usr/bin/python3
"""scripts/check_structure on small trees, each with one breach planted in it."""

import importlib.machinery
import importlib.util
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "check_structure"

FINE = {
    "common/clock.h": "int Now() { return 0; }\n",
    "features/catalog.h": '#include "common/clock.h"\nint Items();\n',
    "features/catalog.cc": '#include "features/catalog.h"\nint Items() { return Now(); }\n',
    "pipeline/both.cc": "void Run() { stage_->Generate(query); ranker->Score(candidates); }\n",
    "tests/common/clock_test.cc": '#include "common/clock.h"\n',
    "tests/features/catalog_test.cc": '#include "features/catalog.h"\n',
    "tests/pipeline/both_test.cc": "",
    "tests/support/fixture.h": "int Fixture() { return 1; }\n",
}


def load_script():
    loader = importlib.machinery.SourceFileLoader("check_structure", str(SCRIPT))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    sys.dont_write_bytecode = True
    loader.exec_module(module)
    return module


class CheckStructureTest(unittest.TestCase):
    def check(self, planted):
        """The lines that are printed for the tree that is fine but for what is planted."""
        with tempfile.TemporaryDirectory() as folder:
            for name, content in {**FINE, **planted}.items():
                path = pathlib.Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, encoding="utf-8")
            result = subprocess.run([SCRIPT, folder], stdout=subprocess.PIPE, text=True,
                                    check=False)
        lines = result.stdout.splitlines()
        self.assertEqual(result.returncode, 1 if lines else 0, result.stdout)
        return lines

    def assert_one_breach(self, planted, *parts):
        lines = self.check(planted)
        self.assertEqual(len(lines), 1, lines)
        for part in parts:
            self.assertIn(part, lines[0])

    def test_a_tree_without_a_breach_passes(self):
        self.assertEqual(self.check({}), [])

    def test_an_arrow_that_points_up(self):
        self.assert_one_breach(
            {"features/catalog.h": '#include "serving/server.h"\nint Items();\n'},
            "features/catalog.h includes serving/server.h: features may not use serving")

    def test_training_and_serving_never_meet(self):
        self.assert_one_breach({"training/stages.h": '#include "serving/server.h"\n'},
                               "training may not use serving")
        self.assert_one_breach({"serving/server.h": '#include "training/stages.h"\n'},
                               "serving may not use training")

    def test_an_arrow_over_several_parts_is_fine(self):
        self.assertEqual(self.check({"app/text.h": '#include "common/clock.h"\n'}), [])

    def test_what_includes_tests_or_benchmarks(self):
        self.assert_one_breach({"benchmarks/mix.h": '#include "tests/support/fixture.h"\n'},
                               "benchmarks may not use tests")
        self.assert_one_breach({"app/mix.h": '#include "benchmarks/load.h"\n'},
                               "app may not use benchmarks")
        self.assert_one_breach({"tests/app/mix.h": '#include "benchmarks/load.h"\n'},
                               "of tests only tests/benchmarks/ may")
        self.assertEqual(self.check({"tests/benchmarks/mix.h": '#include "benchmarks/load.h"\n'}),
                         [])

    def test_protobuf_and_grpc_where_they_may_not_be(self):
        for header in ("<grpcpp/grpcpp.h>", "<google/protobuf/message.h>",
                       '"shortlist/v1/recommender.pb.h"'):
            self.assert_one_breach({"pipeline/answer.h": f"#include {header}\n"},
                                   "no gRPC or protobuf in pipeline/")
            self.assertEqual(self.check({"serving/answer.h": f"#include {header}\n"}), [])

    def test_a_part_without_a_line_in_the_table(self):
        self.assert_one_breach({"misc/answer.h": "int Answer();\n"}, "misc/ has no line")

    def test_headers_that_include_each_other(self):
        self.assert_one_breach({"state/a.h": '#include "state/b.h"\n',
                                "state/b.h": '#include "state/a.h"\n'},
                               "state/a, state/b include each other in a circle")

    def test_a_circle_over_a_body(self):
        self.assert_one_breach({"state/a.h": '#include "state/b.h"\n',
                                "state/b.h": "int B();\n",
                                "state/b.cc": '#include "state/a.h"\n',
                                "tests/b_test.cc": ""},
                               "state/a, state/b include each other in a circle")

    def test_a_circle_of_three_headers(self):
        self.assert_one_breach({"state/a.h": '#include "state/b.h"\n',
                                "state/b.h": '#include "state/c.h"\n',
                                "state/c.h": '#include "state/a.h"\n'},
                               "state/a.h, state/b.h, state/c.h include each other in a circle")

    def test_a_table_of_what_implements_an_interface_is_no_circle(self):
        self.assertEqual(self.check({"state/kind.h": "int Kind();\n",
                                     "state/kind.cc": '#include "state/table.h"\n',
                                     "state/table.h": "int Table();\n",
                                     "state/table.cc": '#include "state/one.h"\n',
                                     "state/one.h": '#include "state/kind.h"\n',
                                     "tests/kind_test.cc": "", "tests/table_test.cc": ""}), [])

    def test_a_folder_with_too_many_sources(self):
        many = {f"model/m{i}.h": "int M();\n" for i in range(31)}
        self.assert_one_breach(many, "model/ holds 31 sources, more than 30")
        many.popitem()
        self.assertEqual(self.check(many), [])

    def test_two_files_of_one_name(self):
        self.assert_one_breach({"state/clock.h": "int Other();\n"},
                               "common/clock and state/clock have the same name")

    def test_a_source_without_a_test(self):
        self.assert_one_breach({"state/store.cc": "int F() { return 1; }\n"},
                               "state/store has no store_test.cc")
        self.assert_one_breach({"state/store.h": "inline int F() const noexcept { return 1; }\n"},
                               "state/store has no store_test.cc")
        self.assert_one_breach({"state/macro.h": "#define MACRO(x) x\n"}, "no macro_test.cc")

    def test_a_header_that_only_declares_needs_no_test(self):
        self.assertEqual(self.check({"state/store.h": "// Use: f() { g(); }\n"
                                     "class S {\n public:\n  virtual ~S() = default;\n"
                                     "  virtual int F(int x) const = 0;\n};\n"
                                     "struct T { int a = 3; std::string b = \"f() {\"; };\n"}), [])

    def test_a_listed_source_needs_no_test_until_it_has_one(self):
        program = {"app/main.cc": "int main() { return 0; }\n"}
        self.assertEqual(self.check(program), [])
        self.assert_one_breach({**program, "tests/app/main_test.cc": ""}, "take it off the list")

    def test_the_list_of_sources_without_a_test_is_short(self):
        script = load_script()
        script.UNTESTED = {f"app/f{i}": "" for i in range(11)}
        with tempfile.TemporaryDirectory() as folder:
            found = list(script.breaches(pathlib.Path(folder)))
        self.assertEqual(len(found), 1)
        self.assertIn("names 11 sources without a test, more than 10", found[0])

    def test_what_ties_the_stages_outside_of_the_pipeline(self):
        tests = {"tests/rank_test.cc": ""}
        both = "both generates candidates and ranks them"
        for body in ("void F() { bundle.candidates->Generate(user); ranker_->Score(scores); }\n",
                     "void F() { stage().Generate(user); other.Rank(scores); }\n",
                     "void F(const CandidateStage& a, LocalRankingStage& b) {}\n"):
            self.assert_one_breach({"evaluation/rank.cc": body, **tests}, both)
        # The header's and the body's calls count together.
        self.assert_one_breach({"evaluation/rank.h": "void G() { stage_.Generate(user); }\n",
                                "evaluation/rank.cc": "void F() { stage_.Rank(scores); }\n",
                                **tests}, both)
        # By way of the pipeline is how it is meant, and training needs but the one.
        for body in ("void F() { pipeline.Generate(user); pipeline.Rank(scores); }\n",
                     "void F() { candidates->Generate(user); }  // Then ranker->Score(scores).\n"):
            self.assertEqual(self.check({"evaluation/rank.cc": body, **tests}), [])

    def test_a_drawing_that_shows_other_arrows(self):
        self.assert_one_breach({"docs/architecture.md": "features -> common\n"},
                               "docs/architecture.md does not have the arrows")
        self.assertEqual(self.check({"docs/architecture.md": load_script().ARROWS}), [])

    def test_arrows_in_a_circle_are_refused(self):
        with self.assertRaisesRegex(ValueError, "lead back"):
            load_script().parse_arrows("a -> b\nb -> c\nc -> a\n")


if __name__ == "__main__":
    unittest.main()
