#include "plc/codegen/support/run_context.hpp"

namespace wl::plc::support {

void raise_fault(RunContext* context, std::uint32_t site, std::int64_t value) noexcept {
  context->fault_site = site;
  context->fault_value = value;
  std::longjmp(context->exit, 1);
}

}  // namespace wl::plc::support
