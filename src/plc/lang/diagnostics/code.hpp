// The stable numbers of diagnostics. A number is never used again for something else.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace wl::plc::lang {

/// P1xxx characters and words, P2xxx grammar, P3xxx meaning.
enum class Code : std::uint16_t {
#define WL_CODE(number, name) name = number,
#include "plc/lang/diagnostics/code_list.inc"
#undef WL_CODE
};

/// `P2016`.
std::string text_of(Code code);

/// The enum name, `missing_end`.
std::string_view name_of(Code code);

std::span<const Code> all_codes();

}  // namespace wl::plc::lang
