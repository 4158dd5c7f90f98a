// Bytes of a mail (RFC 5322, 2045, 2047). Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace wl::mail {

/// One mail to one person, UTF-8.
struct Mail {
  std::string from;       ///< `alarm@plant.example`; see base/mail_address.hpp.
  std::string from_name;  ///< Shown beside it; may be empty.
  std::string to;
  std::string subject;  ///< Line breaks and control characters become spaces; cut at 200 bytes.
  std::string text;     ///< At most 256 KiB, as html.
  std::string html;     ///< Empty: the mail has no second form.
  std::string id;  ///< Left part of the Message-ID: letters, digits, `-`. The same in each retry.
  Timestamp date{};
  bool urgent = false;  ///< Asks the reader's program to show it as important.
};

/// The whole mail with CRLF, ready for SMTP: multipart/alternative, or text alone.
Result<std::string> build_mail(const Mail& mail);

/// A header's value: as it is when it is printable ASCII, else RFC 2047 words of at most 39 bytes
/// of text each, folded, none of which splits a character. What is not UTF-8 becomes U+FFFD.
std::string header_text(std::string_view text);

/// `Fri, 28 Nov 2026 19:10:04 +0000`
std::string mail_date(Timestamp time);

std::string base64(std::string_view bytes);

}  // namespace wl::mail
