#include "web/auth/secret_key.hpp"

#include <fmt/format.h>

#include "base/durable_file.hpp"
#include "web/auth/digest.hpp"

namespace wl::web {
namespace {

constexpr std::size_t min_length = 16;

Result<std::string> read_key(const std::filesystem::path& path) {
  using std::filesystem::perms;
  std::error_code error;
  const auto mode = std::filesystem::status(path, error).permissions();
  const auto others = perms::group_all | perms::others_all;
  if (!error && (mode & others) != perms::none) {
    return fail(Errc::permission,
                fmt::format("{0} can be read by other users: run `chmod 600 {0}`", path.string()));
  }
  auto key = read_file(path, 4096);
  if (!key) return key;
  while (!key->empty() && (key->back() == '\n' || key->back() == '\r')) key->pop_back();
  if (key->size() < min_length) {
    return fail(Errc::corrupt, fmt::format("{} holds no key: delete it, and a new one is made; "
                                           "everybody then signs in again",
                                           path.string()));
  }
  return key;
}

}  // namespace

Result<std::string> load_secret_key(const std::string& configured,
                                    const std::filesystem::path& data_dir) {
  if (!configured.empty()) {
    if (configured.size() >= min_length) return configured;
    return fail(Errc::invalid_argument,
                fmt::format("SECRET_KEY in .env is too short: at least {} characters, or leave "
                            "it empty and one is generated",
                            min_length));
  }
  const auto path = data_dir / "secret.key";
  std::error_code error;
  if (std::filesystem::exists(path, error)) return read_key(path);
  const std::string key = random_hex(32);
  if (auto written = write_file(path, key + "\n", Durability::synced, 0600); !written) {
    return std::unexpected(written.error());
  }
  return key;
}

}  // namespace wl::web
