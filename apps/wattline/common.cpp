#include <fmt/format.h>

#include "apps/wattline/commands.hpp"

namespace wl::command {

std::filesystem::path program_folder() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
}

Settings read_settings(const std::filesystem::path& root) {
  auto loaded = load_settings(installation_root(root), process_environment());
  if (!loaded) throw StartError(loaded.error().what);
  for (const std::string& warning : loaded->warnings) fmt::print(stderr, "warning: {}\n", warning);
  return std::move(loaded->values);
}

std::string web_address(const Settings& settings) {
  const std::string& host = settings.web_host;
  const bool any = host == "0.0.0.0" || host == "::" || host == "127.0.0.1" || host == "::1";
  const bool v6 = !any && host.find(':') != std::string::npos;
  return fmt::format("{}://{}:{}", settings.web_tls_cert.empty() ? "http" : "https",
                     any  ? "localhost"
                     : v6 ? "[" + host + "]"
                          : host,
                     settings.web_port);
}

}  // namespace wl::command
