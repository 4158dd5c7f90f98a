#include "opcua/security.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>

namespace wl::opcua {
namespace {

constexpr std::array<std::pair<SecurityPolicy, const char*>, 4> policies{
    {{SecurityPolicy::none, "None"},
     {SecurityPolicy::basic256sha256, "Basic256Sha256"},
     {SecurityPolicy::aes128_sha256_rsa_oaep, "Aes128_Sha256_RsaOaep"},
     {SecurityPolicy::aes256_sha256_rsa_pss, "Aes256_Sha256_RsaPss"}}};
constexpr std::array<std::pair<SecurityMode, const char*>, 3> modes{
    {{SecurityMode::none, "None"},
     {SecurityMode::sign, "Sign"},
     {SecurityMode::sign_and_encrypt, "SignAndEncrypt"}}};

template <class Table>
std::string name_in(const Table& table, decltype(table[0].first) value) {
  for (const auto& [each, name] : table) {
    if (each == value) return name;
  }
  return {};
}

template <class Table>
auto value_in(const Table& table, const std::string& name)
    -> std::optional<std::remove_cvref_t<decltype(table[0].first)>> {
  for (const auto& [each, known] : table) {
    if (name == known) return each;
  }
  return std::nullopt;
}

}  // namespace

std::string security_policy_name(SecurityPolicy policy) {
  return name_in(policies, policy);
}

std::string security_policy_uri(SecurityPolicy policy) {
  return "http://opcfoundation.org/UA/SecurityPolicy#" + security_policy_name(policy);
}

std::string security_mode_name(SecurityMode mode) {
  return name_in(modes, mode);
}

Result<ClientSecurity> parse_client_security(const std::string& policy, const std::string& mode,
                                             const std::string& username,
                                             const std::string& password) {
  const auto known_policy = value_in(policies, policy);
  if (!known_policy) {
    return fail(Errc::invalid_argument,
                fmt::format("'{}' is none of None, Basic256Sha256, Aes128_Sha256_RsaOaep, "
                            "Aes256_Sha256_RsaPss",
                            policy));
  }
  const auto known_mode = value_in(modes, mode);
  if (!known_mode) {
    return fail(Errc::invalid_argument,
                fmt::format("'{}' is none of None, Sign, SignAndEncrypt", mode));
  }
  if ((*known_policy == SecurityPolicy::none) != (*known_mode == SecurityMode::none)) {
    return fail(Errc::invalid_argument,
                fmt::format("policy {} does not go with mode {}: both are None or neither is",
                            policy, mode));
  }
  ClientSecurity security;
  security.policy = *known_policy;
  security.mode = *known_mode;
  security.username = username;
  security.password = password;
  return security;
}

}  // namespace wl::opcua
