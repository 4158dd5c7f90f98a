// Values nobody sends on purpose, and those just at a limit; from a seed, so that a failure comes
// again. For tests.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "web/openapi/operation.hpp"
#include "web/testing/api_calls.hpp"

namespace wl::web::testing {

/// One request of a fuzz.
struct FuzzCase {
  std::string target;   ///< Method and target.
  std::string headers;  ///< Beside those of the session.
  std::string body;

  /// For the message of a failure; control characters escaped.
  std::string shown() const;
};

class FuzzSource {
 public:
  explicit FuzzSource(std::uint32_t seed) : random_(seed) {}

  /// Parameters and body are valid, at a limit or garbage, by chance.
  FuzzCase next(const openapi::Operation& operation);

 private:
  /// 0 to below - 1.
  std::size_t below(std::size_t limit) { return random_() % limit; }
  bool one_in(std::size_t n) { return below(n) == 0; }

  std::string value_for(const openapi::Parameter& parameter);
  std::string valid(const openapi::Parameter& parameter);
  std::string at_limit(const openapi::Parameter& parameter);
  std::string garbage();
  std::string query_noise();
  std::string header_noise();

  std::string body_for(const openapi::Operation& operation);
  /// The example with some members changed, removed, added or doubled.
  std::string changed_body(std::string_view example);
  std::string json_value();
  std::string broken_body(std::string_view example);

  std::mt19937 random_;
};

}  // namespace wl::web::testing
