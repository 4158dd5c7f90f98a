#include "web/auth/password.hpp"

#include <gtest/gtest.h>

namespace wl::web {
namespace {

constexpr int cheap = 4;

TEST(Password, the_right_one_is_recognised_and_another_is_not) {
  const auto hash = hash_password("correct horse", cheap);

  ASSERT_TRUE(hash.has_value());
  EXPECT_TRUE(verify_password("correct horse", *hash));
  EXPECT_FALSE(verify_password("correct horsf", *hash));
}

TEST(Password, is_a_2b_hash_with_the_default_cost) {
  EXPECT_TRUE(hash_password("admin123")->starts_with("$2b$12$"));
}

TEST(Password, the_same_password_gets_another_salt_each_time) {
  EXPECT_NE(*hash_password("admin123", cheap), *hash_password("admin123", cheap));
}

TEST(Password, above_72_bytes_it_is_refused_instead_of_cut) {
  const std::string long_one(73, 'a');
  const auto hash = hash_password(std::string(72, 'a'), cheap);

  EXPECT_FALSE(hash_password(long_one, cheap).has_value());
  EXPECT_FALSE(verify_password(long_one, *hash));
}

TEST(Password, an_empty_one_and_one_with_nul_are_refused) {
  EXPECT_FALSE(hash_password("", cheap).has_value());
  EXPECT_FALSE(hash_password(std::string_view("a\0b", 3), cheap).has_value());
}

TEST(Password, a_damaged_hash_matches_nothing) {
  EXPECT_FALSE(verify_password("x", ""));
  EXPECT_FALSE(verify_password("x", "$2b$12$short"));
  EXPECT_FALSE(verify_password("x", "plain text"));
}

TEST(Password, the_dummy_hash_has_the_form_and_cost_of_a_real_one) {
  EXPECT_EQ(dummy_hash().size(), hash_password("x", cheap)->size());
  EXPECT_FALSE(needs_rehash(dummy_hash()));
  EXPECT_FALSE(verify_password("admin123", dummy_hash()));
}

TEST(Password, another_cost_asks_for_a_new_hash) {
  EXPECT_TRUE(needs_rehash(*hash_password("x", cheap)));
}

TEST(Password, its_length_counts_characters_not_bytes) {
  EXPECT_TRUE(check_new_password("能源管理系统密码", 8).has_value());
  EXPECT_FALSE(check_new_password("能源管理系统", 8).has_value());
}

}  // namespace
}  // namespace wl::web
