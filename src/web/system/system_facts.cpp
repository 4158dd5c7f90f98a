#include "web/system/system_facts.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace wl::web {

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && end == text.data() + text.size() && !text.empty();
  return whole && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

const ProcessFacts* SystemFacts::process(std::string_view name) const {
  const auto found = std::ranges::find_if(
      processes, [name](const ProcessFacts& process) { return process.state.name == name; });
  return found == processes.end() ? nullptr : &*found;
}

std::optional<double> SystemFacts::figure(std::string_view process_name,
                                          std::string_view detail) const {
  const ProcessFacts* found = process(process_name);
  if (found == nullptr || found->state.life != ProcessState::Life::running) return std::nullopt;
  for (const auto& [key, value] : found->state.details) {
    if (key == detail) return number_of(value);
  }
  return std::nullopt;
}

}  // namespace wl::web
