#!/usr/bin/env python3
"""Each rule of tidy.py accepts a good tree and finds its own mistake.  tools/tidy_test.py"""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tidy  # noqa: E402
import test_verdict  # noqa: E402

GOOD = {
    "src/base/CMakeLists.txt": "wl_room(base)\n",
    "src/base/README.md": "# base\n",
    "src/base/time.hpp": "int now();\n",
    "src/base/time.cpp": '#include "base/time.hpp"\nint now() {\n  return 1;\n}\n',
    "README.md": "[zh](README.zh-CN.md)\n# W\n![p](a.png)\n## Start\n"
                 "```\n./run_tests.sh\n```\n",
    "README.zh-CN.md": "[en](README.md)\n# W\n![p](b.png)\n## S\n"
                       "```\n./run_tests.sh  # all\n```\n",
}


def long_function(lines, before=""):
    return before + "void f(int x) {\n" + "  g();\n" * (lines - 2) + "}\n"


class TidyTest(unittest.TestCase):
    def found(self, files):
        with tempfile.TemporaryDirectory() as root:
            for path, text in {**GOOD, **files}.items():
                full = os.path.join(root, path)
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, "w", encoding="utf-8") as file:
                    file.write(text)
            return [line.split(": ", 2)[:2] for line in tidy.findings(root)]

    def assert_finds(self, rule, place, files):
        self.assertIn([place, rule], self.found(files))

    def test_a_good_tree_has_no_findings(self):
        self.assertEqual(self.found({}), [])

    def test_an_arrow_that_turns_round(self):
        self.assert_finds("arrow", "src/base/up.cpp:1",
                          {"src/base/up.cpp": '#include "model/value.hpp"\n'})

    def test_a_feature_that_includes_a_feature(self):
        self.assert_finds("arrow", "src/web/x.cpp:1",
                          {"src/web/x.cpp": '#include "collector/core.hpp"\n'})

    def test_a_capability_that_includes_a_capability(self):
        self.assert_finds("arrow", "src/opcua/x.cpp:1",
                          {"src/opcua/x.cpp": '#include "storage/store.hpp"\n'})

    def test_a_room_that_includes_an_app(self):
        self.assert_finds("arrow", "src/web/x.cpp:1",
                          {"src/web/x.cpp": '#include "apps/settings/settings.hpp"\n'})

    def test_a_front_end_that_includes_the_back_end(self):
        self.assert_finds("arrow", "src/plc/lang/x.cpp:1",
                          {"src/plc/lang/x.cpp": '#include "plc/codegen/y.hpp"\n'})

    def test_a_library_outside_its_room(self):
        for include in ("open62541/client.h", "llvm/IR/Value.h", "SQLiteCpp/Database.h",
                        "boost/beast/core.hpp", "CLI/CLI.hpp", "curl/curl.h"):
            with self.subTest(include):
                self.assert_finds("owner", "src/base/x.cpp:1",
                                  {"src/base/x.cpp": f"#include <{include}>\n"})

    def test_the_environment_read_in_a_room(self):
        self.assert_finds("owner", "src/base/x.cpp:1",
                          {"src/base/x.cpp": 'auto* p = std::getenv("HOME");\n'})

    def test_a_function_of_71_lines(self):
        self.assert_finds("function", "src/base/x.cpp:1", {"src/base/x.cpp": long_function(71)})

    def test_a_function_of_70_lines_is_accepted(self):
        self.assertEqual(self.found({"src/base/x.cpp": long_function(70)}), [])

    def test_a_long_method_inside_classes_and_namespaces(self):
        text = "namespace a {\nstruct B {\n" + long_function(71) + "};\n}\n"
        self.assert_finds("function", "src/base/x.cpp:3", {"src/base/x.cpp": text})

    def test_a_long_function_with_a_reason_is_accepted(self):
        allowed = "// tidy:allow function: one flat switch\n"
        self.assertEqual(self.found({"src/base/x.cpp": long_function(90, allowed)}), [])

    def test_braces_in_strings_and_comments_do_not_count(self):
        text = 'void f() {\n  g("}{", \'{\');  // {\n  int n = 1\'000;\n}\n' + long_function(71)
        self.assert_finds("function", "src/base/x.cpp:5", {"src/base/x.cpp": text})

    def test_a_file_of_601_lines(self):
        self.assert_finds("file", "src/base/x.cpp:601", {"src/base/x.cpp": "int x;\n" * 601})

    def test_a_line_of_101_columns_counts_characters_not_bytes(self):
        self.assertEqual(self.found({"src/base/x.cpp": "//" + "度" * 98 + "\n"}), [])
        self.assert_finds("column", "src/base/x.cpp:1", {"src/base/x.cpp": "//" + "度" * 99 + "\n"})

    def test_a_header_that_nobody_includes(self):
        self.assert_finds("dead", "src/base/dead.hpp:1", {"src/base/dead.hpp": "int x;\n"})

    def test_a_tool_that_nobody_mentions(self):
        self.assert_finds("dead", "tools/forgotten.sh:1", {"tools/forgotten.sh": "true\n"})

    def test_a_room_without_a_readme(self):
        self.assert_finds("readme", "src/mail/README.md:1",
                          {"src/mail/CMakeLists.txt": "wl_room(mail)\n"})

    def test_a_readme_of_31_lines(self):
        self.assert_finds("readme", "src/base/README.md:1", {"src/base/README.md": "x\n" * 31})

    def test_front_pages_that_differ(self):
        for change in (("## S\n", ""), ("./run_tests.sh", "./start_system.sh"),
                       ("![p](b.png)\n", "")):
            with self.subTest(change):
                text = GOOD["README.zh-CN.md"].replace(*change)
                self.assert_finds("languages", "README.zh-CN.md:1", {"README.zh-CN.md": text})

    def test_a_front_page_that_does_not_link_the_other(self):
        text = GOOD["README.md"].replace("README.zh-CN.md", "")
        self.assert_finds("languages", "README.md:1", {"README.md": text})

    def test_a_host_or_path_of_one_machine(self):
        for text in ("see /wo" + "rk/main/x", "https://regis" + "try.example.org/a"):
            with self.subTest(text):
                self.assert_finds("host", "docs/x.md:1", {"docs/x.md": text + "\n"})

    def test_a_lock_file_with_a_host(self):
        self.assert_finds("lockfile", "webui/package-lock.json:1",
                          {"webui/package-lock.json": '"resol' + 'ved": "https://a/b.tgz"\n'})

    def test_a_test_that_is_skipped(self):
        self.assert_finds("skipped", "src/base/x_test.cpp:1",
                          {"src/base/x_test.cpp": "GTEST_" + "SKIP();\n"})
        self.assert_finds("skipped", "webui/src/x.test.ts:1",
                          {"webui/src/x.test.ts": "it" + ".skip('x')\n"})


class VerdictTest(unittest.TestCase):
    def test_only_what_ran_without_failure_passed(self):
        report = ('<testsuite><testcase name="a" status="run"/>'
                  '<testcase name="b" status="fail"><failure/></testcase>'
                  '<testcase name="c" status="notrun"><skipped/></testcase>'
                  '<testcase name="d" status="disabled"/></testsuite>')
        passed, failed = test_verdict.verdict(report)
        self.assertEqual(passed, 1)
        self.assertEqual(failed, ["b (fail)", "c (notrun)", "d (disabled)"])

    def test_a_missing_report_and_one_without_tests_are_failures(self):
        with tempfile.NamedTemporaryFile("w", suffix=".xml") as empty:
            empty.write("<testsuite/>")
            empty.flush()
            self.assertEqual(len(test_verdict.verdict_of_file(empty.name)[1]), 1)
        self.assertEqual(len(test_verdict.verdict_of_file(empty.name)[1]), 1)


if __name__ == "__main__":
    unittest.main()
