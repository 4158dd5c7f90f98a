// Changes the bytes of a hot part and puts the right checksums in again. Header only.
#pragma once

#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/durable_file.hpp"

namespace wl::storage::testing {

/// For a body of one point; or for changes of its first byte only.
inline void sign_hot_part(std::string& body, const std::function<void(std::string&)>& change) {
  const auto crc = [](std::string_view bytes, std::uint32_t seed) {
    return crc32c(std::as_bytes(std::span(bytes)), seed);
  };
  change(body);
  const auto points = static_cast<std::size_t>(static_cast<unsigned char>(body[1]));
  const std::size_t start = 8 + points * 12;
  if (points == 1) {
    const std::uint32_t of_point = crc(std::string_view(body).substr(start), 0);
    std::memcpy(body.data() + 16, &of_point, sizeof of_point);
  }
  const std::string_view all = body;
  const std::uint32_t of_front = crc(all.substr(8, points * 12), crc(all.substr(0, 4), 0));
  std::memcpy(body.data() + 4, &of_front, sizeof of_front);
}

}  // namespace wl::storage::testing
