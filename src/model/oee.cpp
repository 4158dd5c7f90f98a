#include "model/oee.hpp"

#include <array>

namespace wl {
namespace {

std::optional<double> share(double part, double whole) {
  if (whole <= 0) return std::nullopt;
  return part / whole;
}

}  // namespace

OeeSums& OeeSums::operator+=(const OeeSums& other) {
  planned_ms += other.planned_ms;
  running_ms += other.running_ms;
  minor_stop_ms += other.minor_stop_ms;
  breakdown_ms += other.breakdown_ms;
  setup_ms += other.setup_ms;
  idle_ms += other.idle_ms;
  unknown_ms += other.unknown_ms;
  free_break_ms += other.free_break_ms;
  produced += other.produced;
  rejected += other.rejected;
  rated_produced += other.rated_produced;
  rated_rejected += other.rated_rejected;
  rated_startup_rejected += other.rated_startup_rejected;
  ideal_produced_us += other.ideal_produced_us;
  ideal_good_us += other.ideal_good_us;
  ideal_startup_us += other.ideal_startup_us;
  return *this;
}

OeeRatios ratios_of(const OeeSums& sums) {
  const auto planned = static_cast<double>(seen_planned_ms(sums));
  const auto production = static_cast<double>(production_ms(sums));
  const double ideal_ms = static_cast<double>(sums.ideal_produced_us) / 1000;
  const double ideal_good_ms = static_cast<double>(sums.ideal_good_us) / 1000;
  OeeRatios ratios;
  ratios.availability = share(production, planned);
  ratios.performance = share(ideal_ms, production);
  ratios.quality = share(ideal_good_ms, ideal_ms);
  ratios.oee = share(ideal_good_ms, planned);
  ratios.performance_flag = ratios.performance.value_or(0) > 1;
  ratios.coverage = share(planned, static_cast<double>(sums.planned_ms)).value_or(0);
  return ratios;
}

std::string_view word_of(OeeElement element) {
  constexpr std::array<std::string_view, 6> words{"running", "minor_stop", "breakdown",
                                                  "setup",   "idle",       "unknown"};
  return words[static_cast<std::size_t>(element)];
}

}  // namespace wl
