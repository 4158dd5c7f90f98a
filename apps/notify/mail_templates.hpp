// The mails of one language as files: config/mail/zh/alarm.subject, alarm.txt, alarm.html …
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "mail/template.hpp"
#include "model/text_fields.hpp"

namespace wl {

/// The kind of `wattline mail test`; the others are alarm::notify::LetterKind.
inline constexpr std::string_view test_kind = "test";

struct MailWords {
  std::string subject;  ///< One line.
  std::string text;
  std::string html;  ///< What stands inside of <body>.
};

/// `<kind>.subject`, `<kind>.txt`, `<kind>.html` for each kind, and `end.txt`, `end.html`, which
/// stand below every mail. Immutable.
class MailTemplates {
 public:
  /// Reads and proves all of them, `below` (`config/mail/zh`) the root. The error has every mistake
  /// as `config/mail/zh/alarm.txt:line: reason`, a line each.
  static Result<MailTemplates> read(const std::filesystem::path& root, const std::string& below);

  /// Refuses with `file:line: reason` what `fields` do not have.
  Result<MailWords> fill(std::string_view kind, const TextFields& fields) const;

 private:
  Result<std::string> render(std::string_view kind, std::string_view ending,
                             const TextFields& fields) const;

  std::map<std::string, mail::Template, std::less<>> files_;  ///< By name: `alarm.txt`.
};

}  // namespace wl
