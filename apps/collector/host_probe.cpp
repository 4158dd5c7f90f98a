#include "apps/collector/host_probe.hpp"

#include <netdb.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>
#include <memory>
#include <set>
#include <string_view>

#include "base/check.hpp"
#include "base/host/host_figures.hpp"

namespace wl {
namespace {

constexpr int connect_patience_ms = 1000;
constexpr int pause_link_down_ms = 1000;
constexpr int pause_link_up_ms = 5000;

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Addresses resolve(const Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  ::getaddrinfo(endpoint.host.c_str(), endpoint.port.c_str(), &hints, &found);
  return {found, &::freeaddrinfo};
}

/// 0 when connected, else the errno.
int connect_result(const addrinfo& address) {
  const UniqueFd socket(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return errno;
  if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd waiting{socket.get(), POLLOUT, 0};
  if (::poll(&waiting, 1, connect_patience_ms) <= 0) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

}  // namespace

std::optional<Endpoint> endpoint_of(const std::string& url) {
  constexpr std::string_view scheme = "opc.tcp://";
  if (!url.starts_with(scheme)) return std::nullopt;
  std::string_view rest = std::string_view(url).substr(scheme.size());
  rest = rest.substr(0, rest.find('/'));
  Endpoint endpoint{"", "4840"};
  const bool literal_v6 = rest.starts_with('[');
  const auto host_end = literal_v6 ? rest.find(']') : rest.find(':');
  endpoint.host = rest.substr(literal_v6 ? 1 : 0, literal_v6 ? host_end - 1 : host_end);
  const auto colon = rest.find(':', literal_v6 && host_end != rest.npos ? host_end : 0);
  if (colon != std::string_view::npos) endpoint.port = rest.substr(colon + 1);
  if (endpoint.host.empty() || endpoint.port.empty()) return std::nullopt;
  return endpoint;
}

std::optional<bool> listens_at(const Endpoint& endpoint) {
  const Addresses addresses = resolve(endpoint);
  bool refused = false;
  for (const addrinfo* address = addresses.get(); address; address = address->ai_next) {
    const int error = connect_result(*address);
    if (error == 0) return true;
    refused = refused || error == ECONNREFUSED;
  }
  return refused ? std::optional(false) : std::nullopt;
}

std::optional<collector::DiskFacts> disk_of(const std::string& name,
                                            const std::filesystem::path& path) {
  const auto room = disk_room(path);
  if (!room) return std::nullopt;
  return collector::DiskFacts{name, room->free_bytes, room->total_bytes};
}

HostProbe::HostProbe(Options options)
    : options_(std::move(options)), stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  WL_CHECK(stop_);
  for (const std::string& url : options_.gateway_urls) {
    if (const auto endpoint = endpoint_of(url)) gateways_.push_back(*endpoint);
  }
  thread_ = std::thread([this] { run(); });
}

HostProbe::~HostProbe() {
  ::eventfd_write(stop_.get(), 1);
  thread_.join();
}

void HostProbe::run() {
  for (;;) {
    try {
      facts_.set(look());
    } catch (const std::exception& error) {
      spdlog::error("look at the machine: {}", error.what());
    }
    pollfd stop{stop_.get(), POLLIN, 0};
    if (::poll(&stop, 1, link_up_ ? pause_link_up_ms : pause_link_down_ms) > 0) return;
  }
}

std::optional<bool> HostProbe::gateway_listens() const {
  bool all_refused = !gateways_.empty();
  for (const Endpoint& gateway : gateways_) {
    const std::optional<bool> listens = listens_at(gateway);
    if (listens == true) return true;
    all_refused = all_refused && listens == false;
  }
  return all_refused ? std::optional(false) : std::nullopt;
}

collector::HostFacts HostProbe::look() {
  collector::HostFacts facts;
  if (!link_up_) facts.gateway_listens = gateway_listens();
  std::set<dev_t> seen;
  for (const auto& [name, path] : options_.disks) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || !seen.insert(status.st_dev).second) continue;
    if (const auto disk = disk_of(name, path)) facts.disks.push_back(*disk);
  }
  const auto now = std::chrono::steady_clock::now();
  if (options_.certificates && now >= next_certificates_) {
    certificates_ = options_.certificates();
    next_certificates_ = now + std::chrono::minutes{1};
  }
  facts.certificates = certificates_;
  return facts;
}

}  // namespace wl
