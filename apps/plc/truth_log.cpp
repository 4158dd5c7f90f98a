#include "apps/plc/truth_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "plc/runtime/symbol_value.hpp"

namespace wl {

Result<std::unique_ptr<TruthLog>> TruthLog::open(const std::filesystem::path& path,
                                                 std::span<const plc::Symbol> symbols) {
  const auto boot = plc::find_symbol(symbols, "PLC_PRG.udiBootCount");
  const auto scan = plc::find_symbol(symbols, "PLC_PRG.udiScanCount");
  if (!boot || !scan) {
    return fail(Errc::not_found,
                "--truth-log needs the variables PLC_PRG.udiBootCount and PLC_PRG.udiScanCount");
  }
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0) {
    return fail(Errc::unavailable,
                fmt::format("--truth-log {}: {}", path.string(), std::strerror(errno)));
  }
  return std::unique_ptr<TruthLog>(new TruthLog(fd, symbols[*boot], symbols[*scan]));
}

TruthLog::~TruthLog() {
  ::close(fd_);
}

void TruthLog::append(std::span<const std::byte> image, Timestamp time) {
  const auto boot = to_number(plc::read_symbol(image, boot_)).value_or(0);
  const auto scan = to_number(plc::read_symbol(image, scan_)).value_or(0);
  std::array<char, 80> line;
  const auto end =
      fmt::format_to_n(line.data(), line.size(), "{:.0f},{:.0f},{}\n", boot, scan, to_unix_ms(time))
          .out;
  const auto size = static_cast<std::size_t>(end - line.data());
  if (::write(fd_, line.data(), size) == static_cast<ssize_t>(size)) return;
  if (!failed_) spdlog::error("the truth log cannot be written: {}", std::strerror(errno));
  failed_ = true;
}

}  // namespace wl
