#include "storage/transfer/line_file.hpp"

#include <fmt/format.h>

namespace wl::storage {
namespace {

constexpr std::size_t part_bytes = 1u << 20;

}  // namespace

Result<LineFile> LineFile::open(const std::filesystem::path& path) {
  auto file = OpenFile::open(path, OpenMode::read);
  if (!file) return std::unexpected(file.error());
  const auto size = file->size();
  if (!size) return std::unexpected(size.error());
  return LineFile{std::move(*file), *size};
}

Result<std::optional<std::string_view>> LineFile::next() {
  for (;;) {
    const std::string_view rest = std::string_view(buffer_).substr(used_);
    const std::size_t end = rest.find('\n');
    const bool last = start_ + buffer_.size() >= size_;
    if (end != rest.npos || (last && !rest.empty())) {
      ++number_;
      used_ += end == rest.npos ? rest.size() : end + 1;
      return rest.substr(0, end);
    }
    if (last) return std::nullopt;
    if (rest.size() > longest_line) {
      return fail(Errc::invalid_argument,
                  fmt::format("{}:{}: the line has more than {} bytes", file_.path().string(),
                              number_ + 1, longest_line));
    }
    buffer_.erase(0, used_);
    start_ += std::exchange(used_, 0);
    const std::size_t kept = buffer_.size();
    buffer_.resize(kept + part_bytes);
    const auto got = file_.read_at(start_ + kept, std::span(buffer_).subspan(kept));
    if (!got) return std::unexpected(got.error());
    buffer_.resize(kept + *got);
    if (*got == 0) size_ = start_ + kept;  // It became shorter meanwhile.
  }
}

}  // namespace wl::storage
