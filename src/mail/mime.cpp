#include "mail/mime.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/mail_address.hpp"

namespace wl::mail {
namespace {

constexpr std::size_t longest_subject = 200;
constexpr std::size_t longest_body = 256 << 10;
/// RFC 2047 wants lines of 76 at most: "Subject: ", 52 in base64 and the 12 around them are 73.
constexpr std::size_t longest_word = 39;

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// Bytes of the character that begins at `at`; 0 when it is not UTF-8.
std::size_t character_at(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  const std::size_t size = byte < 0x80   ? 1
                           : byte < 0xC2 ? 0
                           : byte < 0xE0 ? 2
                           : byte < 0xF0 ? 3
                           : byte < 0xF5 ? 4
                                         : 0;
  if (size == 0 || at + size > text.size()) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) return 0;
  }
  const auto second = size > 1 ? static_cast<unsigned char>(text[at + 1]) : 0u;
  const bool too_long = (byte == 0xE0 && second < 0xA0) || (byte == 0xF0 && second < 0x90);
  const bool no_character = (byte == 0xED && second > 0x9F) || (byte == 0xF4 && second > 0x8F);
  return too_long || no_character ? 0 : size;
}

/// Valid UTF-8 of at most `limit` bytes, one line when `one_line`.
std::string clean(std::string_view text, std::size_t limit, bool one_line) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = character_at(text, at);
    std::string_view piece = size == 0 ? "\xEF\xBF\xBD" : text.substr(at, size);
    if (one_line && size == 1 && is_control(piece[0])) piece = " ";
    if (out.size() + piece.size() > limit) break;
    out += piece;
    at += std::max<std::size_t>(size, 1);
  }
  return out;
}

/// A body in base64: any text, no line above 76 bytes, no line that SMTP takes for its own.
std::string body(std::string_view type, std::string_view text) {
  std::string lines;
  for (const char c : clean(text, longest_body, false)) {
    if (c == '\r') continue;
    lines += c == '\n' ? "\r\n" : std::string(1, c);
  }
  const std::string encoded = base64(lines);
  std::string out = fmt::format(
      "Content-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n", type);
  for (std::size_t at = 0; at < encoded.size(); at += 76) out += encoded.substr(at, 76) + "\r\n";
  return out;
}

/// Words of RFC 2047, folded.
std::string encoded_words(std::string_view line) {
  std::string out;
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = at;
    while (end < line.size() && end + character_at(line, end) - at <= longest_word) {
      end += character_at(line, end);
    }
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + base64(line.substr(at, end - at)) + "?=";
    at = end;
  }
  return out;
}

}  // namespace

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t three = 0;
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - at);
    for (std::size_t i = 0; i < 3; ++i) {
      three = three << 8 | (i < have ? static_cast<unsigned char>(bytes[at + i]) : 0u);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out += i <= have ? digits[(three >> (18 - 6 * i)) & 63] : '=';
    }
  }
  return out;
}

std::string header_text(std::string_view text) {
  const std::string line = clean(text, longest_subject, true);
  const bool plain = std::ranges::all_of(line, [](char c) { return c >= ' ' && c < 0x7f; });
  // A line that looks like an encoded word must not be read as one; a long one must be folded.
  if (plain && line.size() <= 66 && line.find("=?") == std::string::npos) return line;
  return encoded_words(line);
}

std::string mail_date(Timestamp time) {
  constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
                     days[std::chrono::weekday{day}.c_encoding()],
                     static_cast<unsigned>(date.day()),
                     months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

Result<std::string> build_mail(const Mail& mail) {
  for (const std::string& address : {mail.from, mail.to}) {
    if (const auto good = check_mail_address(address); !good) return std::unexpected(good.error());
  }
  const auto id_character = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  };
  if (mail.id.empty() || mail.id.size() > 64 || !std::ranges::all_of(mail.id, id_character)) {
    return fail(Errc::invalid_argument, "the id of a mail has letters, digits and '-' only");
  }
  if (mail.text.size() > longest_body || mail.html.size() > longest_body) {
    return fail(Errc::invalid_argument, fmt::format("a mail has at most {} bytes", longest_body));
  }
  std::string out;
  const auto header = [&](std::string_view name, std::string_view value) {
    out += fmt::format("{}: {}\r\n", name, value);
  };
  header("Date", mail_date(mail.date));
  // Always encoded: a comma or a quote in a name would say something else.
  const std::string name = encoded_words(clean(mail.from_name, longest_subject, true));
  header("From", name.empty() ? mail.from : fmt::format("{} <{}>", name, mail.from));
  header("To", mail.to);
  header("Subject", header_text(mail.subject));
  header("Message-ID", fmt::format("<{}@{}>", mail.id, mail.from.substr(mail.from.find('@') + 1)));
  header("Auto-Submitted", "auto-generated");  // RFC 3834: nobody's absence notice answers it.
  if (mail.urgent) {
    header("Importance", "high");
    header("X-Priority", "1");
  }
  header("MIME-Version", "1.0");
  if (mail.html.empty()) return out + body("text/plain", mail.text);
  // Never inside a part: base64 has no '_'.
  const std::string boundary = "wl_" + mail.id;
  header("Content-Type", fmt::format("multipart/alternative; boundary=\"{}\"", boundary));
  out += fmt::format("\r\n--{}\r\n{}", boundary, body("text/plain", mail.text));
  out += fmt::format("--{}\r\n{}", boundary, body("text/html", mail.html));
  return out + fmt::format("--{}--\r\n", boundary);
}

}  // namespace wl::mail
