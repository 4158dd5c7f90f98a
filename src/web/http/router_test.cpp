#include "web/http/router.hpp"

#include <gtest/gtest.h>

namespace wl::web {
namespace {

const Handler none = [](Call, Reply) {};

const Router router{{
    {"GET", "/api/devices", Access::user, Scope::read, none},
    {"GET", "/api/devices/{id}/current", Access::user, Scope::read, none},
    {"POST", "/api/thresholds", Access::admin, Scope::thresholds, none},
    {"GET", "/api/thresholds", Access::user, Scope::read, none},
}};

TEST(Router, finds_the_route_and_its_parameters) {
  const auto found = router.find("GET", "/api/devices/conveyor/current");

  ASSERT_TRUE(std::holds_alternative<RouteMatch>(found));
  EXPECT_EQ(std::get<RouteMatch>(found).route->pattern, "/api/devices/{id}/current");
  EXPECT_EQ(std::get<RouteMatch>(found).parameters.at("id"), "conveyor");
}

TEST(Router, head_is_served_by_get) {
  EXPECT_TRUE(std::holds_alternative<RouteMatch>(router.find("HEAD", "/api/devices")));
}

TEST(Router, another_method_is_told_what_is_allowed) {
  const auto found = router.find("DELETE", "/api/thresholds");

  ASSERT_TRUE(std::holds_alternative<MethodNotAllowed>(found));
  EXPECT_EQ(std::get<MethodNotAllowed>(found).allow, "POST, GET, HEAD");
}

TEST(Router, what_is_not_in_the_table_does_not_exist) {
  EXPECT_TRUE(std::holds_alternative<NoRoute>(router.find("GET", "/api/devices/")));
  EXPECT_TRUE(std::holds_alternative<NoRoute>(router.find("GET", "/api/devices/a/b/c")));
  EXPECT_TRUE(std::holds_alternative<NoRoute>(router.find("GET", "/api/devices//current")));
  EXPECT_TRUE(std::holds_alternative<NoRoute>(router.find("GET", "/API/devices")));
  EXPECT_TRUE(std::holds_alternative<NoRoute>(router.find("GET", "")));
}

}  // namespace
}  // namespace wl::web
