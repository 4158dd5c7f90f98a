#include "opcua/quality_name.hpp"

#include "opcua/open62541_value.hpp"

namespace wl::opcua {

std::string quality_name(Quality quality) {
  constexpr std::uint32_t code_bits = 0xFFFF0000;  // IEC 62541-4, 7.38: the rest is info.
  return status_name(quality.status_code & code_bits);
}

}  // namespace wl::opcua
