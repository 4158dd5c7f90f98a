// UTF-8 from outside: what is one, and where it may be cut.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace wl {

/// Bytes of the sequence that `text` begins with; 0 when it is none. Overlong forms, surrogates and
/// what lies above U+10FFFF are none (RFC 3629, 4).
std::size_t utf8_sequence(std::string_view text);

bool is_utf8(std::string_view text);

/// At most `most_bytes` of a UTF-8 text, without half a character at the end.
std::string_view utf8_prefix(std::string_view text, std::size_t most_bytes);

/// The text on one line, for logs and terminals: control characters (C0 but the tab, DEL, C1), line
/// and paragraph separators, characters that turn the direction of writing, and bytes that are no
/// UTF-8 stand as `\n`, `\x1b`, `\u202e`. Nobody can write a line of his own or steer a terminal.
std::string one_line(std::string_view text);

}  // namespace wl
