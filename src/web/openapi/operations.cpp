#include "web/openapi/operations.hpp"

#include <algorithm>
#include <iterator>

namespace wl::web::openapi {
namespace {

using Part = std::vector<Operation> (*)();

/// One line a resource.
constexpr Part parts[] = {
    health_operations,   account_operations, device_operations,    energy_operations,
    oee_operations,      alarm_operations,   threshold_operations, system_operations,
    document_operations, live_operations,
};

}  // namespace

std::vector<Operation> all_operations() {
  std::vector<Operation> all;
  for (const Part part : parts) std::ranges::move(part(), std::back_inserter(all));
  return all;
}

}  // namespace wl::web::openapi
