#include "data/importing/input/python_literals.h"

#include "gtest/gtest.h"

namespace shortlist {
namespace {

TEST(PythonLinesToJson, ConvertsWhatPythonPrints) {
  EXPECT_EQ(PythonLinesToJson("{u'name': u'O\\'Neil \"x\"', 'n': -0.1, 'ok': True, 'no': None}\n"),
            "{\"name\": \"O'Neil \\\"x\\\"\", \"n\": -0.1, \"ok\": true, \"no\": null}\n");
  EXPECT_EQ(PythonLinesToJson("{'a': (1, False), \"it's\": u\"b\"}"),
            "{\"a\": [1, false], \"it's\": \"b\"}");
}

TEST(PythonLinesToJson, ConvertsEscapes) {
  EXPECT_EQ(PythonLinesToJson("'\\xe9\\u4e2d\\U0001f600\\n\\d\\\\'"),
            "\"\\u00e9\\u4e2d\\ud83d\\ude00\\n\\\\d\\\\\"");
}

TEST(PythonLinesToJson, KeepsWordsWithinStringsAndLinesApart) {
  EXPECT_EQ(PythonLinesToJson("'None True'\n'open\n{'a': 1}"), "\"None True\"\n\"open\n{\"a\": 1}");
}

}  // namespace
}  // namespace shortlist
