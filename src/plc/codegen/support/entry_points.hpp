// Every C++ and C function that machine code may call, by name. Nothing else is visible to it.
#pragma once

#include <span>
#include <string_view>

namespace wl::plc::support {

struct EntryPoint {
  std::string_view name;  ///< As in the generated module.
  void* address = nullptr;
};

std::span<const EntryPoint> entry_points();

}  // namespace wl::plc::support
