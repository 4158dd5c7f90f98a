// For tests: a gateway in this process, and the plant that it serves.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "model/plant.hpp"
#include "opcua/server.hpp"

namespace wl {

inline Plant plant_of_two() {
  const auto point = [](std::string name, std::string tag) {
    PointSpec spec;
    spec.key = "conveyor." + name;
    spec.name = std::move(name);
    spec.tag = std::move(tag);
    spec.high = 1e9;
    return spec;
  };
  Plant plant;
  plant.devices.push_back({.id = "conveyor", .name = {}, .description = {}, .type = "conveyor"});
  plant.points = {point("count", "Ch.Dev.Count"), point("power_kw", "Ch.Dev.Power"),
                  point("virtual", "")};
  return plant;
}

/// A gateway with two tags on a free port.
class Gateway {
 public:
  explicit Gateway(std::uint16_t port) : server_(options(port)) {
    count_ = server_.add_variable(spec("Ch.Dev.Count", DataType::uint32)).value();
    power_ = server_.add_variable(spec("Ch.Dev.Power", DataType::float32)).value();
    EXPECT_TRUE(server_.start());
  }

  void set(std::uint64_t count, double power_kw, Timestamp at) {
    server_.post({{count_, {count, quality::good, at}}, {power_, {power_kw, quality::good, at}}});
  }

 private:
  static opcua::ServerOptions options(std::uint16_t port) {
    opcua::ServerOptions options;
    options.port = port;
    options.application_uri = "urn:localhost:Wattline:Test";
    options.application_name = "test";
    options.namespace_uris = {"urn:test"};
    return options;
  }
  static opcua::VariableSpec spec(const std::string& tag, DataType type) {
    opcua::VariableSpec spec;
    spec.node_id = tag;
    spec.browse_path = {tag};
    spec.type = type;
    return spec;
  }

  opcua::Server server_;
  opcua::VariableId count_;
  opcua::VariableId power_;
};

}  // namespace wl
