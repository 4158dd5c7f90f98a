#include "gateway/gateway.hpp"

#include <fmt/format.h>

namespace wl::gateway {
namespace {

constexpr std::uint16_t tag_namespace = 2;
constexpr const char* application_uri = "urn:localhost:Wattline:Gateway";
/// Some 700,000 values; at most ten minutes. A collector that was away reads them back.
constexpr std::size_t history_bytes = 64 << 20;
constexpr const char* tag_namespace_uri = "urn:localhost:Wattline:Gateway:Tags";

opcua::ServerOptions server_options(const GatewayOptions& options) {
  opcua::ServerOptions server;
  server.host = options.host;
  server.port = options.port;
  server.application_uri = application_uri;
  server.application_name = "Wattline Gateway";
  server.namespace_uris = {tag_namespace_uri};
  server.anonymous_may_write = options.anonymous_may_write;
  server.security = options.security;
  server.history.bytes = history_bytes;
  return server;
}

std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> steps(1);
  for (const char letter : path) {
    if (letter == '.') {
      steps.emplace_back();
    } else {
      steps.back() += letter;
    }
  }
  return steps;
}

opcua::VariableSpec variable_of(const TagConfig& tag) {
  opcua::VariableSpec spec;
  spec.namespace_index = tag_namespace;
  spec.node_id = tag.path;
  spec.browse_path = split(tag.path);
  spec.type = tag.type;
  spec.access =
      tag.access == TagAccess::read_write ? opcua::Access::read_write : opcua::Access::read;
  spec.description = tag.description;
  spec.unit = tag.unit;
  return spec;
}

}  // namespace

Gateway::Gateway(const GatewayConfig& config, const GatewayOptions& options)
    : server_(server_options(options)) {
  for (const ChannelConfig& channel : config.channels) add_channel(channel);
  server_.on_write(
      [this](opcua::VariableId variable, const Value& value) { return on_write(variable, value); });
}

Gateway::~Gateway() {
  stop();
}

void Gateway::add_channel(const ChannelConfig& config) {
  std::vector<opcua::VariableId> variables;
  for (const TagConfig& tag : config.tags()) {
    const auto variable = server_.add_variable(variable_of(tag));
    if (!variable) throw StartError(variable.error().what);
    variables.push_back(*variable);
    places_.push_back({channels_.size(), static_cast<std::uint32_t>(variables.size() - 1)});
  }
  const auto sink = [this, variables](std::vector<TagUpdate> updates) {
    std::vector<opcua::VariableUpdate> posted;
    posted.reserve(updates.size());
    for (TagUpdate& update : updates) {
      posted.push_back({variables[update.tag], std::move(update.value)});
    }
    server_.post(std::move(posted));
  };
  channels_.push_back(std::make_unique<Channel>(config, sink));
}

Result<void> Gateway::start() {
  const Result<void> started = server_.start();
  if (!started) return started;
  for (const auto& channel : channels_) channel->start();
  return {};
}

void Gateway::stop() {
  server_.stop();  // First: no write may reach a channel that is gone.
  for (const auto& channel : channels_) channel->stop();
}

Quality Gateway::on_write(opcua::VariableId variable, const Value& value) {
  const TagPlace place = places_.at(variable.value);
  return channels_[place.channel]->write(place.tag, value);
}

GatewayHealth Gateway::health() const {
  const opcua::ServerStats stats = server_.stats();
  GatewayHealth health;
  health.all_up = true;
  health.tags = places_.size();
  health.updates = stats.updates_applied;
  health.dropped = stats.updates_dropped;
  health.sessions = stats.sessions;
  health.history_values = stats.history_values;
  health.history_cut = stats.history_cut;
  health.turns = stats.turns;
  for (const auto& channel : channels_) {
    const ChannelState state = channel->state();
    health.all_up = health.all_up && state.is_up;
    health.good += channel->good_tags();
    health.dropped += channel->dropped_events();
    if (health.reason.empty() && !state.reason.empty()) {
      health.reason = fmt::format("{}: {}", channel->config().name, state.reason);
    }
  }
  return health;
}

}  // namespace wl::gateway
