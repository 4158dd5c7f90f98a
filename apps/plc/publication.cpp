#include "apps/plc/publication.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "plc/runtime/symbol_value.hpp"

namespace wl {
namespace {

constexpr std::chrono::seconds drop_check_interval{1};
/// Some 170,000 values, at most ten minutes: for a gateway that was away.
constexpr std::size_t history_bytes = 16 << 20;

opcua::ServerOptions server_options(const Publication::Options& options) {
  return {
      .host = options.host,
      .port = options.port,
      .application_uri = "urn:localhost:Wattline:PLC",
      .application_name = "Wattline PLC",
      .namespace_uris = {"http://opcfoundation.org/UA/DI/", "http://PLCopen.org/OpcUa/IEC61131-3/",
                         "urn:localhost:Wattline:PLC:Application"},
      .anonymous_may_write = is_loopback(options.host),
      .history = {.bytes = history_bytes}};
}

/// `power / 功率 [kW]` gives `kW`.
std::string unit_in(const std::string& comment) {
  const auto open = comment.rfind('[');
  if (open == std::string::npos) return {};
  const auto close = comment.find(']', open);
  if (close == std::string::npos) return {};
  return comment.substr(open + 1, close - open - 1);
}

std::vector<std::string> split_path(const std::string& path) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  for (auto dot = path.find('.'); dot != std::string::npos; dot = path.find('.', from)) {
    parts.push_back(path.substr(from, dot - from));
    from = dot + 1;
  }
  parts.push_back(path.substr(from));
  return parts;
}

}  // namespace

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

opcua::VariableSpec variable_spec(const plc::Symbol& symbol, opcua::Access access) {
  opcua::VariableSpec spec;
  spec.namespace_index = plc_namespace;
  spec.node_id = "|var|Wattline.Application." + symbol.path;
  spec.browse_path = {"Wattline", "Application"};
  for (std::string& part : split_path(symbol.path)) spec.browse_path.push_back(std::move(part));
  spec.type = plc::data_type_of(symbol.type);
  spec.access = symbol.constant ? opcua::Access::read : access;
  spec.description = symbol.comment;
  spec.unit = unit_in(symbol.comment);
  return spec;
}

Result<std::unique_ptr<Publication>> Publication::start(plc::Resource& resource,
                                                        const Options& options) {
  std::unique_ptr<Publication> publication(new Publication(resource, options));
  const auto access = is_loopback(options.host) ? opcua::Access::read_write : opcua::Access::read;
  if (auto added = publication->add_variables(access); !added) {
    return std::unexpected(added.error());
  }
  if (auto started = publication->server_.start(); !started) {
    return fail(started.error().code,
                fmt::format("OPC UA server of the PLC, port {}: {}. Stop what uses the port, or "
                            "set PLC_OPC_UA_PORT in .env to a free one",
                            options.port, started.error().what));
  }
  return publication;
}

Publication::Publication(plc::Resource& resource, const Options& options)
    : resource_(resource), server_(server_options(options)) {}

Result<void> Publication::add_variables(opcua::Access access) {
  const auto symbols = resource_.symbols();
  ids_.resize(symbols.size());
  for (const std::uint32_t index : resource_.published()) {
    const auto id = server_.add_variable(variable_spec(symbols[index], access));
    if (!id) return std::unexpected(id.error());
    ids_[index] = *id;
    symbol_of_id_.resize(std::max<std::size_t>(symbol_of_id_.size(), id->value + 1));
    symbol_of_id_[id->value] = index;
  }
  server_.on_write([this](opcua::VariableId id, const Value& value) {
    return resource_.write(symbol_of_id_[id.value], value);
  });
  return {};
}

void Publication::publish(const plc::ScanReport& report) {
  if (!report.changed.empty()) post(report.changed, report);
  if (report.time - drops_checked_ >= drop_check_interval || report.time < drops_checked_) {
    drops_checked_ = report.time;
    repeat_after_drops(report);
  }
}

void Publication::repeat_after_drops(const plc::ScanReport& report) {
  const std::uint64_t drops = server_.stats().updates_dropped;
  if (drops == drops_seen_) return;
  drops_seen_ = drops;
  spdlog::warn("OPC UA server: {} scans could not be published in time; publishing all again",
               drops);
  post(resource_.published(), report);
}

void Publication::post(std::span<const std::uint32_t> symbols, const plc::ScanReport& report) {
  const Quality quality = report.faulted ? quality::bad_device_failure : quality::good;
  std::vector<opcua::VariableUpdate> updates;
  updates.reserve(symbols.size());
  for (const std::uint32_t index : symbols) {
    updates.push_back(
        {ids_[index],
         {plc::read_symbol(resource_.image(), resource_.symbols()[index]), quality, report.time}});
  }
  server_.post(std::move(updates));
}

}  // namespace wl
