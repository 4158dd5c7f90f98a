#include <gtest/gtest.h>

#include <numeric>

#include "opcua/scanning_line.hpp"

namespace wl::opcua {
namespace {

VariableSpec variable(const std::string& name, DataType type) {
  VariableSpec spec;
  spec.node_id = "Line." + name;
  spec.browse_path = {"Line", name};
  spec.type = type;
  return spec;
}

}  // namespace

ServerOptions ScanningLine::options_at(std::uint16_t port) {
  ServerOptions options;
  options.port = port;
  options.application_uri = "urn:localhost:Wattline:Test";
  options.application_name = "Test";
  options.namespace_uris = {"urn:wattline:test"};
  options.history.bytes = 8 << 20;
  return options;
}

ScanningLine::ScanningLine(const ServerOptions& options)
    : server_(std::make_unique<Server>(options)) {
  count_id_ = *server_->add_variable(variable("Count", DataType::uint32));
  mode_id_ = *server_->add_variable(variable("Mode", DataType::int16));
}

ScanningLine::~ScanningLine() {
  finish();
}

std::string ScanningLine::start() {
  const auto started = server_->start();
  if (!started) return started.error().what;
  server_->post({{mode_id_, {std::int64_t{1}, quality::good, wall_now()}}});
  thread_ = std::thread([this] { scan(); });
  return {};
}

std::uint64_t ScanningLine::finish() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  return count_;
}

void ScanningLine::scan() {
  while (!stopping_) {
    server_->post({{count_id_, {++count_, quality::good, wall_now()}}});
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
}

std::vector<std::uint64_t> all_numbers(std::uint64_t first, std::uint64_t last) {
  std::vector<std::uint64_t> all(last - first + 1);
  std::iota(all.begin(), all.end(), first);
  return all;
}

}  // namespace wl::opcua
