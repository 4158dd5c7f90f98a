// One place of the source where a run can end. Machine code names it by its number.
#pragma once

#include <cstdint>
#include <string>

#include "plc/codegen/native_program.hpp"

namespace wl::plc::emit {

struct FaultSite {
  ScanFault::Kind kind{};
  std::string pou;
  std::string file;
  int line = 0;
  std::int64_t low = 0;  ///< Bounds of the array dimension.
  std::int64_t high = 0;
};

}  // namespace wl::plc::emit
