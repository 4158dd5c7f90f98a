// Addresses of mail as people write them in configuration.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace wl {

/// `name@host` in ASCII, at most 254 bytes, without blanks, control characters, quotes, `<`, `>`,
/// commas. The error says what is wrong.
Result<void> check_mail_address(std::string_view address);

/// A comma list of at most 50; blanks around the commas are ignored, what stands twice counts once.
/// An empty text is an empty list.
Result<std::vector<std::string>> parse_mail_addresses(std::string_view text);

}  // namespace wl
