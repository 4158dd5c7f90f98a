#include "collector/oee/line_rules.hpp"

#include <algorithm>
#include <cmath>

namespace wl::collector::oee {
namespace {

constexpr double us_per_hour = 3.6e9;

}  // namespace

std::int64_t LineRules::ideal_of(std::optional<std::int64_t> code) const {
  for (const auto& [known, us] : products)
    if (code == known) return us;
  return ideal_us;
}

bool LineRules::is_known(std::int64_t code) const {
  return code >= 0 && std::cmp_less(code, elements.size());
}

bool LineRules::is_stop(std::int64_t code) const {
  return elements[static_cast<std::size_t>(code)] != OeeElement::running;
}

std::optional<LineRules> line_rules(const Plant& plant, double ideal_rate_per_hour) {
  if (!plant.oee) return std::nullopt;
  const OeeSpec& spec = *plant.oee;
  LineRules rules;
  rules.state = spec.state;
  rules.count = spec.count;
  rules.reject = spec.reject;
  rules.product = spec.product;
  for (const PointId point : {spec.state, spec.count, spec.reject})
    rules.key += plant.point(point).key + ' ';
  if (spec.product) rules.key += plant.point(*spec.product).key;
  rules.words = plant.point(spec.state).words;
  rules.elements = spec.states;
  rules.ideal_us =
      std::llround(us_per_hour / spec.ideal_rate_per_hour.value_or(ideal_rate_per_hour));
  rules.pieces.modulus = spec.count_modulus;
  rules.pieces.ideal_ms = static_cast<double>(rules.ideal_us) / 1000;
  for (const OeeProduct& product : spec.products) {
    rules.products.emplace_back(product.code, std::llround(product.ideal_cycle_s * 1e6));
    rules.pieces.ideal_ms = std::min(rules.pieces.ideal_ms, product.ideal_cycle_s * 1000);
  }
  rules.minor_stop = spec.minor_stop;
  rules.startup = spec.startup;
  rules.free_break = spec.free_break;
  return rules;
}

}  // namespace wl::collector::oee
