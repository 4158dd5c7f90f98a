// Reads tests/st/<feature>/*.st. The diagnostics that a file must give stand in it, each as
//   //! 3:7 P3001 spped is not declared
// Files named fail_* have at least one error, warn_* only warnings, all others nothing. Each run
// leaves the files as they would have to be in <build>/golden; to take them over, then review the
// diff:
//   cp -r build/dev/golden/. tests/st/
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/durable_file.hpp"
#include "plc/lang/compile.hpp"

namespace wl::plc::lang {
namespace {

const std::filesystem::path root = WATTLINE_SOURCE_DIR;
const std::filesystem::path proposals = WATTLINE_GOLDEN_PROPOSALS;

std::vector<std::filesystem::path> golden_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / "tests/st")) {
    if (entry.path().extension() == ".st") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

std::string expectations_in(const std::string& text) {
  std::string out;
  for (std::size_t at = text.find("//! "); at != std::string::npos; at = text.find("//! ", at)) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out += text.substr(at, end - at) + "\n";
    at = end;
  }
  return out;
}

std::string without_expectations(const std::string& text) {
  return text.substr(0, text.find("//! "));
}

/// The source without its expectations, so that an unclosed comment cannot hide behind them.
std::string found_in(const std::filesystem::path& file, const std::string& text) {
  SourceSet sources;
  sources.add(file.filename().string(), without_expectations(text));
  const Compilation c = compile_sources(std::move(sources));
  std::string out;
  for (const Diagnostic& d : c.diagnostics) {
    const LineColumn at = d.span.line ? c.sources.line_column(d.span) : LineColumn{0, 0};
    const char* severity = d.severity == Severity::warning ? "warning: " : "";
    out += fmt::format("//! {}:{} {} {}{}{}{}\n", at.line, at.column, text_of(d.code), severity,
                       d.message, d.hint.empty() ? "" : " | ", d.hint);
  }
  return out;
}

void propose(const std::filesystem::path& file, const std::string& text) {
  const auto target = proposals / std::filesystem::relative(file, root / "tests/st");
  std::filesystem::create_directories(target.parent_path());
  ASSERT_TRUE(write_file(target, text, Durability::visible));
}

class Golden : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Golden, gives_exactly_the_diagnostics_that_it_names) {
  const std::string text = read_file(GetParam()).value();
  const std::string name = GetParam().filename().string();
  const bool speaks = name.starts_with("fail_") || name.starts_with("warn_");
  const std::string found = found_in(GetParam(), text);
  propose(GetParam(), without_expectations(text) + found);
  EXPECT_EQ(found, expectations_in(text)) << GetParam();
  EXPECT_EQ(!expectations_in(text).empty(), speaks) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(Files, Golden, testing::ValuesIn(golden_files()), [](const auto& file) {
  std::string name = std::filesystem::relative(file.param, root / "tests/st").string();
  std::ranges::replace_if(name, [](char c) { return !std::isalnum(c); }, '_');
  return name;
});

TEST(DiagnosticPages, each_code_has_its_page_and_each_page_its_code) {
  std::set<std::string> codes;
  for (const Code code : all_codes()) codes.insert(text_of(code));
  std::set<std::string> pages;
  for (const auto& entry : std::filesystem::directory_iterator(root / "docs/diagnostics")) {
    if (entry.path().stem() != "README") pages.insert(entry.path().stem().string());
  }
  EXPECT_EQ(codes, pages);
}

TEST(DiagnosticPages, each_code_has_a_golden_file_that_shows_it) {
  std::string all;
  for (const std::filesystem::path& file : golden_files()) {
    all += expectations_in(read_file(file).value());
  }
  std::set<std::string> missing;
  for (const Code code : all_codes()) {
    const bool shown = all.find(" " + text_of(code) + " ") != std::string::npos;
    if (!shown && code != Code::file_too_large) missing.insert(text_of(code));
  }
  EXPECT_EQ(missing, std::set<std::string>{});
}

}  // namespace
}  // namespace wl::plc::lang
