#include "web/auth/password.hpp"

#include <crypt.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <memory>

namespace wl::web {
namespace {

Result<void> check_usable(std::string_view password) {
  if (password.empty()) return fail(Errc::invalid_argument, "the password is empty");
  if (password.size() > password_max_bytes) {
    return fail(Errc::invalid_argument,
                fmt::format("the password has {} bytes; at most {} are possible", password.size(),
                            password_max_bytes));
  }
  if (password.find('\0') != std::string_view::npos) {
    return fail(Errc::invalid_argument, "the password contains a NUL character");
  }
  return {};
}

/// crypt_data is 32 KiB: on the heap, and wiped because it holds the password's key schedule.
struct WipeCryptData {
  void operator()(crypt_data* data) const noexcept {
    OPENSSL_cleanse(data, sizeof *data);
    delete data;
  }
};

std::string run_crypt(const std::string& password, const std::string& setting) {
  const std::unique_ptr<crypt_data, WipeCryptData> data(new crypt_data{});
  const char* hash = crypt_rn(password.c_str(), setting.c_str(), data.get(), sizeof *data);
  return hash == nullptr ? std::string() : std::string(hash);
}

}  // namespace

Result<std::string> hash_password(std::string_view password, int cost) {
  if (auto usable = check_usable(password); !usable) return std::unexpected(usable.error());
  unsigned char random[16];
  if (RAND_bytes(random, sizeof random) != 1) {
    return fail(Errc::unavailable, "the system gives no random numbers");
  }
  char setting[CRYPT_GENSALT_OUTPUT_SIZE];
  if (crypt_gensalt_rn("$2b$", static_cast<unsigned long>(cost),
                       reinterpret_cast<const char*>(random), sizeof random, setting,
                       sizeof setting) == nullptr) {
    return fail(Errc::invalid_argument, fmt::format("bcrypt refuses the cost {}", cost));
  }
  std::string hash = run_crypt(std::string(password), setting);
  if (hash.empty()) return fail(Errc::unavailable, "bcrypt failed");
  return hash;
}

bool verify_password(std::string_view password, const std::string& hash) {
  const bool usable = check_usable(password).has_value() && hash.starts_with("$2");
  // The same work for a refused password, so that time tells nothing.
  const std::string again =
      run_crypt(usable ? std::string(password) : "-", usable ? hash : dummy_hash());
  return usable && again.size() == hash.size() &&
         CRYPTO_memcmp(again.data(), hash.data(), hash.size()) == 0;
}

const std::string& dummy_hash() {
  // A salt and 31 characters that were never the output of bcrypt for any chosen password.
  static const std::string hash = "$2b$12$7mGxuBFJXtYwvS0pRq1nEeWyAyvTQ0nUVgZ0gnX1oJ0Cj5dQpZQ9W";
  return hash;
}

bool needs_rehash(const std::string& hash, int cost) {
  return !hash.starts_with(fmt::format("$2b${:02}$", cost));
}

Result<void> check_new_password(std::string_view password, std::size_t min_length) {
  if (auto usable = check_usable(password); !usable) return usable;
  const auto characters = std::ranges::count_if(
      password, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  if (static_cast<std::size_t>(characters) < min_length) {
    return fail(Errc::invalid_argument,
                fmt::format("the password needs at least {} characters", min_length));
  }
  return {};
}

}  // namespace wl::web
