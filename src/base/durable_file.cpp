#include "base/durable_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstring>

namespace wl {
namespace {

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

std::unexpected<Error> system_error(std::string_view action, const std::filesystem::path& path) {
  const int cause = errno;
  Errc code = Errc::unavailable;
  if (cause == ENOENT) code = Errc::not_found;
  if (cause == EACCES || cause == EPERM || cause == EROFS) code = Errc::permission;
  return fail(code, fmt::format("cannot {} {}: {}", action, path.string(), std::strerror(cause)));
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t n = ::write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

// Table k tells what a byte does to the checksum k bytes later, so that eight bytes go in at once.
using CrcTables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr CrcTables make_crc_tables() {
  CrcTables tables{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) ? 0x82F63B78u : 0u);
    tables[0][i] = crc;
  }
  for (std::size_t k = 1; k < tables.size(); ++k)
    for (std::size_t i = 0; i < 256; ++i)
      tables[k][i] = (tables[k - 1][i] >> 8) ^ tables[0][tables[k - 1][i] & 0xFF];
  return tables;
}

std::uint32_t crc_by_tables(std::span<const std::byte> bytes, std::uint32_t crc) {
  static constexpr CrcTables tables = make_crc_tables();
  static_assert(std::endian::native == std::endian::little, "eight bytes are read as one number");
  for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, bytes.data(), sizeof eight);
    eight ^= crc;
    crc = 0;
    for (unsigned k = 0; k < 8; ++k) crc ^= tables[7 - k][(eight >> (8 * k)) & 0xFF];
  }
  for (const std::byte byte : bytes) {
    crc = (crc >> 8) ^ tables[0][(crc ^ static_cast<std::uint32_t>(byte)) & 0xFF];
  }
  return crc;
}

#ifdef __x86_64__
/// The instruction that x86 has for this very polynomial: five times the pace of the tables.
__attribute__((target("sse4.2"))) std::uint32_t crc_by_instruction(std::span<const std::byte> bytes,
                                                                   std::uint32_t crc) {
  std::uint64_t wide = crc;
  for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, bytes.data(), sizeof eight);
    wide = __builtin_ia32_crc32di(wide, eight);
  }
  crc = static_cast<std::uint32_t>(wide);
  for (const std::byte byte : bytes)
    crc = __builtin_ia32_crc32qi(crc, static_cast<unsigned char>(byte));
  return crc;
}
#endif

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t limit) {
  const FileDescriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!file.ok()) return system_error("read", path);
  std::string content;
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t n = ::read(file.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error("read", path);
    if (n == 0) return content;
    content.append(buffer.data(), static_cast<std::size_t>(n));
    if (content.size() > limit) {
      return fail(Errc::invalid_argument,
                  fmt::format("{} is larger than {} bytes", path.string(), limit));
    }
  }
}

Result<void> write_file(const std::filesystem::path& path, std::string_view content,
                        Durability durability, unsigned mode) {
  const std::filesystem::path temporary = path.string() + ".tmp";
  {
    const FileDescriptor file{
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)};
    if (!file.ok()) return system_error("write", temporary);
    if (!write_all(file.get(), content)) return system_error("write", temporary);
    if (durability == Durability::synced && ::fsync(file.get()) != 0) {
      return system_error("sync", temporary);
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) return system_error("replace", path);
  if (durability == Durability::visible) return {};
  const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const FileDescriptor directory{::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!directory.ok() || ::fsync(directory.get()) != 0) return system_error("sync", parent);
  return {};
}

Result<void> ensure_writable_directory(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) {
    return fail(Errc::permission,
                fmt::format("cannot create {}: {}", path.string(), error.message()));
  }
  // access() lies for root on a read-only file system; a real file does not.
  const std::filesystem::path probe = path / fmt::format(".probe-{}", ::getpid());
  const auto written = write_file(probe, "", Durability::visible);
  std::filesystem::remove(probe, error);
  if (!written) {
    return fail(Errc::permission, fmt::format("no write permission for {} ({})", path.string(),
                                              written.error().what));
  }
  return {};
}

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t seed) {
#ifdef __x86_64__
  if (__builtin_cpu_supports("sse4.2") != 0) return ~crc_by_instruction(bytes, ~seed);
#endif
  return ~crc_by_tables(bytes, ~seed);
}

std::uint32_t crc32c_by_tables(std::span<const std::byte> bytes, std::uint32_t seed) {
  return ~crc_by_tables(bytes, ~seed);
}

}  // namespace wl
