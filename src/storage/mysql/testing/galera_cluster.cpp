#include "storage/mysql/testing/galera_cluster.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace wl::storage::mysql {
namespace {

constexpr const char* provider = "/usr/lib/galera/libgalera_smm.so";
constexpr std::chrono::seconds patience{60};
constexpr std::chrono::milliseconds between_looks{50};

/// Where one node talks to the others.
struct Ports {
  std::uint16_t group = free_port();
  std::uint16_t transfer = free_port();

  std::string address() const { return fmt::format("127.0.0.1:{}", group); }
};

std::vector<std::string> flags_of(const std::vector<Ports>& all, std::size_t index) {
  std::vector<std::string> addresses;
  for (const Ports& ports : all) addresses.push_back(ports.address());
  const Ports& own = all.at(index);
  return {"--wsrep-on=ON",
          fmt::format("--wsrep-provider={}", provider),
          "--wsrep-cluster-name=wattline-test",
          fmt::format("--wsrep-cluster-address=gcomm://{}", fmt::join(addresses, ",")),
          fmt::format("--wsrep-node-address={}", own.address()),
          fmt::format("--wsrep-provider-options=gmcast.listen_addr=tcp://{};"
                      "ist.recv_addr=127.0.0.1:{};gcache.size=16M",
                      own.address(), own.transfer),
          "--wsrep-sst-method=skip",
          "--binlog-format=ROW",
          "--default-storage-engine=InnoDB",
          "--innodb-autoinc-lock-mode=2",
          "--init-file="};  // Its users are made already.
}

std::string status_of(const MariadbServer& node, const std::string& name) {
  return node.ask(
      "SELECT variable_value FROM information_schema.GLOBAL_STATUS WHERE "
      "variable_name = '" +
      name + "'");
}

/// The nodes are equal when they meet. A new one that is told so needs no copy of the others, for
/// which it would need a script that Debian has in a package with a service.
void declare_equal(const MariadbServer& node, const MariadbServer& first) {
  const auto file = node.data_directory() / "grastate.dat";
  std::ofstream(file) << fmt::format(
      "# GALERA saved state\nversion: 2.1\nuuid:    {}\nseqno:   {}\nsafe_to_bootstrap: 0\n",
      status_of(first, "wsrep_cluster_state_uuid"), status_of(first, "wsrep_last_committed"));
  std::filesystem::permissions(file, std::filesystem::perms{0666});  // The node is nobody.
}

void wait_until_whole(const MariadbServer& node) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  const std::string seen_by_all = std::to_string(GaleraCluster::size);
  while (status_of(node, "wsrep_cluster_size") != seen_by_all ||
         status_of(node, "wsrep_local_state_comment") != "Synced") {
    if (std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error("the cluster does not become whole:\n" + node.log());
    }
    std::this_thread::sleep_for(between_looks);
  }
}

}  // namespace

GaleraCluster::GaleraCluster() {
  if (!std::filesystem::exists(provider)) {
    throw std::runtime_error(fmt::format("{} is missing: apt install galera-4", provider));
  }
  std::vector<Ports> own;
  for (std::size_t i = 0; i < size; ++i) own.emplace_back();
  for (std::size_t i = 0; i < size; ++i) {
    nodes_.push_back(std::make_unique<MariadbServer>());  // Alone, which makes its users.
    nodes_[i]->stop();
    auto flags = flags_of(own, i);
    if (i == 0) flags.emplace_back("--wsrep-new-cluster");
    if (i > 0) declare_equal(node(i), node(0));
    nodes_[i]->set_flags(std::move(flags));
    nodes_[i]->start();
  }
  for (const auto& node : nodes_) wait_until_whole(*node);
}

MysqlOptions GaleraCluster::create_database(const std::string& name) const {
  MysqlOptions options = node(0).create_database(name);
  options.hosts.clear();
  for (const auto& node : nodes_)
    options.hosts.push_back(fmt::format("127.0.0.1:{}", node->port()));
  return options;
}

}  // namespace wl::storage::mysql
