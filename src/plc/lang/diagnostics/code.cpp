#include "plc/lang/diagnostics/code.hpp"

#include <fmt/format.h>

#include <array>

namespace wl::plc::lang {
namespace {

constexpr std::array codes{
#define WL_CODE(number, name) Code::name,
#include "plc/lang/diagnostics/code_list.inc"
#undef WL_CODE
};

}  // namespace

std::string text_of(Code code) {
  return fmt::format("P{:04}", static_cast<unsigned>(code));
}

std::string_view name_of(Code code) {
  switch (code) {
#define WL_CODE(number, name) \
  case Code::name:            \
    return #name;
#include "plc/lang/diagnostics/code_list.inc"
#undef WL_CODE
  }
  return "unknown";
}

std::span<const Code> all_codes() {
  return codes;
}

}  // namespace wl::plc::lang
