#include "model/oee_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "model/plant.hpp"

namespace wl {
namespace {

constexpr double lowest_rate = 0.01;
constexpr double highest_rate = 1e6;

struct ElementWord {
  std::string_view word;
  OeeElement element;
};
constexpr std::array element_words{
    ElementWord{"production", OeeElement::running}, ElementWord{"breakdown", OeeElement::breakdown},
    ElementWord{"setup", OeeElement::setup}, ElementWord{"idle", OeeElement::idle}};

bool has_code(const std::vector<OeeProduct>& products, std::int64_t code) {
  return std::ranges::find(products, code, &OeeProduct::code) != products.end();
}

/// Reads the members of one `oee` object of a plant.
class SpecReader {
 public:
  SpecReader(const JsonCursor& place, const Plant& plant) : place_(place), plant_(plant) {}

  OeeSpec read() {
    place_.allow_only({"device", "state_point", "count_point", "reject_point", "product_point",
                       "products", "ideal_rate_per_hour", "count_modulus", "minor_stop_s",
                       "startup_s", "free_break_min", "states", "shifts", "calendar"});
    OeeSpec spec;
    spec.device = read_device();
    spec.state = read_point(place_.at("state_point"), PointKind::state);
    spec.count = read_point(place_.at("count_point"), PointKind::counter);
    spec.reject = read_point(place_.at("reject_point"), PointKind::counter);
    if (const auto rate = place_.find("ideal_rate_per_hour"))
      spec.ideal_rate_per_hour = rate->number(lowest_rate, highest_rate);
    if (const auto modulus = place_.find("count_modulus"))
      spec.count_modulus = modulus->number(100, 1e15);
    read_times(spec);
    read_products(spec);
    read_states(spec);
    spec.calendar = read_shift_calendar(place_);
    return spec;
  }

 private:
  DeviceId read_device() const {
    const JsonCursor place = place_.at("device");
    const std::string id = place.text();
    const auto device = plant_.find_device(id);
    if (!device && !id.empty()) place.problem(fmt::format("there is no device '{}'", id));
    return device.value_or(DeviceId{});
  }

  /// `product_count` of the device, or `station2.product_count` of any.
  PointId read_point(const JsonCursor& place, std::optional<PointKind> kind) const {
    const std::string name = place.text();
    if (name.empty()) return {};
    const bool whole = name.find('.') != std::string::npos;
    const std::string key = whole ? name : fmt::format("{}.{}", place_.at("device").text(), name);
    const auto point = plant_.find_point(key);
    if (!point) {
      place.problem(fmt::format("there is no point '{}'", key));
      return {};
    }
    if (kind && plant_.point(*point).kind != *kind)
      place.problem(fmt::format("the point '{}' is no {}", key,
                                *kind == PointKind::state ? "state" : "counter"));
    return *point;
  }

  void read_times(OeeSpec& spec) const {
    const auto read = [&](std::string_view key, std::int64_t highest, std::int64_t unit_ms,
                          Milliseconds& time) {
      if (const auto value = place_.find(key))
        time = Milliseconds{value->integer(0, highest) * unit_ms};
    };
    read("minor_stop_s", 3600, 1000, spec.minor_stop);
    read("startup_s", 3600, 1000, spec.startup);
    read("free_break_min", 480, 60'000, spec.free_break);
  }

  void read_products(OeeSpec& spec) const {
    const auto point = place_.find("product_point");
    const auto products = place_.find("products");
    if (!point && !products) return;
    if (!point || !products) {
      place_.problem("'product_point' and 'products' need each other");
      return;
    }
    spec.product = read_point(*point, std::nullopt);
    for (const auto& place : products->items()) {
      place.allow_only({"name", "value", "ideal_cycle_s"});
      const OeeProduct product{.name = place.at("name").text(),
                               .code = place.at("value").integer(0, std::int64_t{4294967295}),
                               .ideal_cycle_s = place.at("ideal_cycle_s").number(0.001, 360'000)};
      if (has_code(spec.products, product.code))
        place.problem(fmt::format("the value {} stands twice", product.code));
      spec.products.push_back(product);
    }
  }

  /// Unless said otherwise `running` is production, `fault` breakdown and all else idle.
  void read_states(OeeSpec& spec) const {
    if (spec.state.value >= plant_.points.size()) return;
    const std::vector<std::string>& words = plant_.point(spec.state).words;
    for (const std::string& word : words)
      spec.states.push_back(word == "running" ? OeeElement::running
                            : word == "fault" ? OeeElement::breakdown
                                              : OeeElement::idle);
    if (const auto states = place_.find("states")) {
      for (const auto& [word, place] : states->members()) {
        const auto at = std::ranges::find(words, word);
        if (at == words.end()) {
          place.problem(fmt::format("the state point has no word '{}'", word));
          continue;
        }
        spec.states[static_cast<std::size_t>(at - words.begin())] = read_element(place);
      }
    }
    if (!words.empty() && std::ranges::count(spec.states, OeeElement::running) == 0)
      place_.problem("no state is production: map one in 'states'");
  }

  static OeeElement read_element(const JsonCursor& place) {
    const std::string word = place.text();
    const auto at = std::ranges::find(element_words, std::string_view(word), &ElementWord::word);
    if (at != element_words.end()) return at->element;
    place.problem(fmt::format("'{}' is not production, breakdown, setup or idle", word));
    return OeeElement::idle;
  }

  const JsonCursor& place_;
  const Plant& plant_;
};

}  // namespace

std::optional<OeeSpec> read_oee_spec(const JsonCursor& root, const Plant& plant) {
  const auto place = root.find("oee");
  if (!place) return std::nullopt;
  return SpecReader(*place, plant).read();
}

}  // namespace wl
