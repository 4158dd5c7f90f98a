#include "web/testing/controller.hpp"

#include <stdexcept>

#include "opcua/free_port.hpp"
#include "opcua/subscriber.hpp"

namespace wl::web::testing {
namespace {

const Timestamp scan_time = from_unix_ms(1'763'820'000'123);

opcua::ServerOptions options_at(std::uint16_t port) {
  opcua::ServerOptions options;
  options.port = port;
  options.application_uri = "urn:localhost:Wattline:Test";
  options.application_name = "Test";
  options.namespace_uris = {"urn:wattline:test"};
  options.anonymous_may_write = true;
  return options;
}

}  // namespace

Controller::Controller() : port_(opcua::free_port()), server_(options_at(port_)) {
  start_ = add("Start", DataType::boolean);
  halt_ = add("Halt", DataType::boolean);
  speed_ = add("Speed", DataType::float32);
  state_ = add("S", DataType::int16);
  server_.on_write(
      [this](opcua::VariableId variable, const Value& value) { return take(variable, value); });
  const auto started = server_.start();
  if (!started) throw std::runtime_error(started.error().what);
  show(quality::good);
}

opcua::VariableId Controller::add(const std::string& name, DataType type) {
  opcua::VariableSpec spec;
  spec.node_id = "C.D.G." + name;
  spec.browse_path = {"C", name};
  spec.type = type;
  spec.access = opcua::Access::read_write;
  return server_.add_variable(spec).value();
}

/// On return a reader sees it: the server applies what is posted within some milliseconds.
void Controller::show(Quality quality) {
  server_.post({{start_, {false, quality, scan_time}},
                {halt_, {false, quality, scan_time}},
                {speed_, {1.5, quality, scan_time}},
                {state_, {std::int64_t{0}, quality, scan_time}}});
  for (int i = 0; i < 500; ++i) {
    const auto seen = opcua::read_once(url(), {"ns=2;s=C.D.G.S"}, Milliseconds{3000});
    if (seen && seen->front().quality == quality) return;
  }
  throw std::runtime_error("the server did not show what was posted");
}

Quality Controller::take(opcua::VariableId variable, const Value& value) {
  ++writes_;
  const Quality answer = answer_;
  if (!answer.is_good()) return answer;
  if (variable != start_) server_.post({{variable, {value, quality::good, scan_time}}});
  if (variable == start_ && obedient_)
    server_.post({{state_, {std::int64_t{1}, quality::good, scan_time}}});
  return quality::good;
}

}  // namespace wl::web::testing
