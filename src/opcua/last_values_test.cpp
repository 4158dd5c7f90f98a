#include "opcua/last_values.hpp"

#include <gtest/gtest.h>

namespace wl::opcua {
namespace {

ItemChange change(std::uint32_t item, double number) {
  return {item, {number, quality::good, from_unix_ms(1'763'820'000'000)}, false};
}

TEST(LastValues, only_what_did_not_come_by_itself_is_told_again) {
  LastValues values(3);
  values.on_changes({change(0, 1.5), change(1, 2.5)});
  values.on_down();
  values.on_changes({change(0, 9.5)});

  const auto untold = values.take_untold();

  ASSERT_EQ(untold.size(), 1u);
  EXPECT_EQ(untold[0].item, 1u);
  EXPECT_EQ(untold[0].value, change(1, 2.5).value);
}

TEST(LastValues, it_is_told_once) {
  LastValues values(1);
  values.on_changes({change(0, 1.5)});
  values.on_down();
  values.take_untold();

  EXPECT_TRUE(values.take_untold().empty());
}

}  // namespace
}  // namespace wl::opcua
