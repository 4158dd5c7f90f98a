#include "storage/backup/package_files.hpp"

#include <fmt/format.h>

#include "storage/backup/sha256.hpp"

namespace wl::storage {
namespace {

constexpr std::uint64_t largest_manifest = 64u << 20;

/// The name without the folder that is named as the package was when it was made.
std::string_view inner_name(const TarMember& member) {
  const std::string_view name = member.name;
  const auto slash = name.find('/');
  return slash == name.npos ? std::string_view() : name.substr(slash + 1);
}

Result<std::string> read_text(PackageReader& package, std::uint64_t size) {
  std::string text(size, '\0');
  const auto got = package.read(text);
  if (!got) return std::unexpected(got.error());
  return text;
}

}  // namespace

Result<Manifest> read_manifest_of(PackageReader& package, const std::string& file) {
  const auto first = package.next();
  if (!first) return std::unexpected(first.error());
  if (!*first || inner_name(**first) != manifest_name || (*first)->size > largest_manifest) {
    return fail(Errc::corrupt, file + " is no backup of Wattline: it has no manifest");
  }
  auto text = read_text(package, (*first)->size);
  if (!text) return std::unexpected(text.error());
  return parse_manifest(std::move(*text), file);
}

Result<Manifest> for_each_file(const std::filesystem::path& path, const UseFile& use) {
  const std::string file = path.string();
  auto package = PackageReader::open(path);
  if (!package) return std::unexpected(package.error());
  auto manifest = read_manifest_of(*package, file);
  if (!manifest) return manifest;
  for (const BackupFile& expected : manifest->files) {
    const auto member = package->next();
    if (!member) {
      return fail(member.error().code,
                  fmt::format("{} (at or before {})", member.error().what, expected.name));
    }
    if (!*member || inner_name(**member) != expected.name || (*member)->size != expected.bytes) {
      return fail(Errc::corrupt,
                  fmt::format("{} is damaged: where {} should be is {}", file, expected.name,
                              *member ? (*member)->name : std::string("the end")));
    }
    if (const auto used = use(*package, expected); !used) {
      const bool named = used.error().what.starts_with(file);
      return fail(used.error().code, named ? used.error().what : file + ": " + used.error().what);
    }
  }
  const auto end = package->next();
  if (!end) return std::unexpected(end.error());
  if (*end) {
    return fail(Errc::corrupt,
                fmt::format("{} is damaged: {} is not in its manifest", file, (*end)->name));
  }
  return manifest;
}

Result<void> read_checked(PackageReader& package, const BackupFile& file, const Progress& progress,
                          const UseBytes& use) {
  Sha256 hash;
  std::string buffer(1u << 20, '\0');
  for (std::uint64_t done = 0;;) {
    const auto got = package.read(buffer);
    if (!got) {
      return fail(got.error().code, fmt::format("{} (in {})", got.error().what, file.name));
    }
    if (*got == 0) break;
    const std::string_view part = std::string_view(buffer).substr(0, *got);
    hash.add(part);
    if (const auto used = use(part); !used) return used;
    done += *got;
    if (const auto r = report(progress, {"reading back", done, file.bytes}); !r) return r;
  }
  if (hash.finish() == file.sha256) return {};
  return fail(Errc::corrupt,
              fmt::format("{} is damaged: its SHA-256 is not the one of the manifest", file.name));
}

}  // namespace wl::storage
