#include "model/cleaning.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace wl {
namespace {

TEST(Cleaning, every_reason_has_a_key_of_its_own_and_words_in_both_languages) {
  std::set<std::string_view> keys;
  std::set<std::string_view> words;
  for (const CleaningWords& row : cleaning_table) {
    keys.insert(row.key);
    words.insert(row.zh_cn);
    words.insert(row.en);
  }

  EXPECT_EQ(keys.size(), cleaning_reasons);
  EXPECT_EQ(words.size(), 2 * cleaning_reasons);
  EXPECT_FALSE(keys.contains(""));
  EXPECT_FALSE(words.contains(""));
}

TEST(Cleaning, the_table_is_in_the_order_of_the_reasons) {
  EXPECT_EQ(words_of(CleaningReason::source_bad).key, "source_bad");
  EXPECT_EQ(words_of(CleaningReason::stuck).key, "stuck");
  EXPECT_EQ(words_of(CleaningReason::undatable).key, "undatable");
  EXPECT_EQ(static_cast<std::size_t>(CleaningReason::undatable) + 1, cleaning_reasons);
}

TEST(Cleaning, a_wrong_clock_leaves_the_value_good_and_a_wrong_value_does_not) {
  EXPECT_TRUE(words_of(CleaningReason::clock_ahead).status.is_good());
  EXPECT_TRUE(words_of(CleaningReason::out_of_range).status.is_uncertain());
  EXPECT_TRUE(words_of(CleaningReason::wrong_type).status.is_bad());
}

}  // namespace
}  // namespace wl
