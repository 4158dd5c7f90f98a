#include "apps/notify/mail_templates.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <vector>

#include "base/durable_file.hpp"

namespace wl {
namespace {

constexpr std::array<std::string_view, 7> kinds{"alarm",      "returned", "digest", "escalation",
                                                "flood_over", test_kind,  "end"};
constexpr std::array<std::string_view, 3> endings{"subject", "txt", "html"};

Result<mail::Template> read_template(const std::filesystem::path& root, const std::string& name) {
  auto text = read_file(root / name, 1 << 20);
  if (!text && text.error().code == Errc::not_found) {
    return fail(Errc::not_found,
                fmt::format("{}: is missing; take it from the release of Wattline", name));
  }
  if (!text) return std::unexpected(text.error());
  const bool html = name.ends_with(".html");
  return mail::Template::parse(std::move(*text), name,
                               html ? mail::Escape::html : mail::Escape::none);
}

/// A file ends with a line break; a subject does not.
std::string without_end(std::string text) {
  text.erase(text.find_last_not_of(" \r\n") + 1);
  return text;
}

}  // namespace

Result<MailTemplates> MailTemplates::read(const std::filesystem::path& root,
                                          const std::string& below) {
  MailTemplates made;
  std::vector<std::string> mistakes;
  for (const std::string_view kind : kinds) {
    for (const std::string_view ending : endings) {
      if (kind == "end" && ending == "subject") continue;
      std::string file = fmt::format("{}.{}", kind, ending);
      auto read = read_template(root, below + "/" + file);
      if (!read) mistakes.push_back(read.error().what);
      if (read) made.files_.emplace(std::move(file), std::move(*read));
    }
  }
  if (mistakes.empty()) return made;
  return fail(Errc::invalid_argument, fmt::format("{}", fmt::join(mistakes, "\n")));
}

Result<std::string> MailTemplates::render(std::string_view kind, std::string_view ending,
                                          const TextFields& fields) const {
  return files_.find(fmt::format("{}.{}", kind, ending))->second.render(fields);
}

Result<MailWords> MailTemplates::fill(std::string_view kind, const TextFields& fields) const {
  MailWords words;
  std::vector<std::string> mistakes;
  const auto place = [&](std::string& to, std::string_view of, std::string_view ending) {
    auto filled = render(of, ending, fields);
    if (!filled) mistakes.push_back(filled.error().what);
    if (filled) to += *filled;
  };
  place(words.subject, kind, "subject");
  place(words.text, kind, "txt");
  place(words.text, "end", "txt");
  place(words.html, kind, "html");
  place(words.html, "end", "html");
  words.subject = without_end(std::move(words.subject));
  if (mistakes.empty()) return words;
  return fail(Errc::invalid_argument, fmt::format("{}", fmt::join(mistakes, "\n")));
}

}  // namespace wl
