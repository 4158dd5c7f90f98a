// .env.example is documentation that must not drift from the table of keys.
#include <gmock/gmock.h>
#include <unistd.h>

#include "apps/settings/keys.hpp"
#include "base/durable_file.hpp"
#include "base/env_file.hpp"

namespace wl {
namespace {

std::vector<EnvLine> example_lines() {
  const std::filesystem::path file = std::filesystem::path(WATTLINE_SOURCE_DIR) / ".env.example";
  return parse_env(read_file(file).value(), ".env.example").value();
}

TEST(EnvExample, lists_exactly_the_keys_of_the_table_in_its_order) {
  std::vector<std::string> listed, known;
  std::ranges::transform(example_lines(), std::back_inserter(listed), &EnvLine::key);
  std::ranges::transform(settings_keys(), std::back_inserter(known),
                         [](const SettingsKey& key) { return std::string(key.name); });

  EXPECT_EQ(listed, known);
}

TEST(EnvExample, its_values_are_the_defaults) {
  std::map<std::string, std::string> environment;
  for (const EnvLine& line : example_lines()) environment[line.key] = line.value;

  const auto loaded = load_settings("/", environment);

  ASSERT_TRUE(loaded.has_value()) << loaded.error().what;
  EXPECT_TRUE(loaded->values == load_settings("/", {}).value().values);
}

}  // namespace
}  // namespace wl
