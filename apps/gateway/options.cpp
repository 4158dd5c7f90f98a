#include "apps/gateway/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

namespace wl {
namespace {

constexpr std::string_view manual = R"(NAME
    wattline-gateway - reads PLCs and serves their values as OPC UA tags

SYNOPSIS
    wattline-gateway [--root DIR] [--check]

DESCRIPTION
    Serves the tags of config/gateway.json on GATEWAY_OPC_UA_HOST:GATEWAY_OPC_UA_PORT as
    ns=2;s=<Channel>.<Device>.<Group>.<Tag>. Values, qualities and source times are those of the
    PLC; while it is away its tags are Bad_NoCommunication. A write to an RW tag goes to the PLC.
    Anonymous clients may write only while the host is a loopback address.

    ${PLC_OPC_UA_HOST} and ${PLC_OPC_UA_PORT} in an endpoint stand for the keys of .env.

OPTIONS
    --root DIR   the installation, with .env and config/
    --check      read .env and config/gateway.json, print the number of tags, end
    -h, --help   this text
    --version    the version

FILES
    logs/gateway.log, run/gateway.status.json (renewed each second)

EXIT STATUS
    0  stopped as asked, or checked without a mistake
    2  cannot start: mistake in .env or gateway.json, port in use, no permission
    3  already running with this run directory
)";

}  // namespace

std::variant<GatewayCommand, int> read_options(int argc, char** argv) {
  GatewayCommand command;
  bool wants_manual = false;
  CLI::App app{"", "wattline-gateway"};
  app.set_help_flag();
  app.add_flag("-h,--help", wants_manual);
  app.set_version_flag("--version", std::string("wattline-gateway ") + WATTLINE_VERSION);
  app.add_option("--root", command.root)->check(CLI::ExistingDirectory);
  app.add_flag("--check", command.check);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForVersion&) {
    fmt::print("wattline-gateway {}\n", WATTLINE_VERSION);
    return 0;
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "error: {}; see wattline-gateway --help\n", error.what());
    return 2;
  }
  if (!wants_manual) return command;
  fmt::print("{}", manual);
  return 0;
}

}  // namespace wl
