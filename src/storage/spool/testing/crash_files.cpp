#include "storage/spool/testing/crash_files.hpp"

#include <algorithm>

namespace wl::storage::spool {
namespace {

std::string folder_of(const std::string& name) {
  const auto slash = name.find('/');
  return slash == std::string::npos ? "" : name.substr(0, slash);
}

}  // namespace

Result<void> CrashFiles::admit(Access access, const std::string& name) {
  ++calls_;
  if (power_left_ == 0) return fail(Errc::unavailable, "no power");
  if (access == Access::change && power_left_ != UINT64_MAX && --power_left_ == 0) {
    return fail(Errc::unavailable, "the power went at " + name);
  }
  if (until_fault_ == UINT64_MAX || --until_fault_ > 0) return {};
  until_fault_ = lasts_ == Lasts::once ? UINT64_MAX : 1;
  ++faults_;
  return fail(Errc::unavailable, name + ": input/output error");
}

Result<CrashFiles::FilePtr> CrashFiles::find(const std::string& name) const {
  const auto at = names_.find(name);
  if (at == names_.end()) return fail(Errc::not_found, name + " is not there");
  return at->second;
}

Result<std::vector<SpoolFiles::Entry>> CrashFiles::list(const std::string& folder) {
  if (const auto r = admit(Access::look, folder); !r) return std::unexpected(r.error());
  std::vector<Entry> entries;
  for (const auto& [name, file] : names_) {
    if (folder_of(name) == folder) entries.push_back({name, file->now.size()});
  }
  std::ranges::shuffle(entries, random_);
  return entries;
}

Result<std::string> CrashFiles::read(const std::string& name, std::uint64_t offset,
                                     std::size_t size) {
  if (const auto r = admit(Access::look, name); !r) return std::unexpected(r.error());
  const auto file = find(name);
  if (!file) return std::unexpected(file.error());
  const std::string& now = (*file)->now;
  return offset < now.size() ? now.substr(offset, size) : std::string();
}

Result<void> CrashFiles::create(const std::string& name) {
  if (const auto r = admit(Access::change, name); !r) return r;
  if (names_.contains(name)) return fail(Errc::conflict, name + " exists");
  const NameChange change{.removed = "", .added = name, .file = std::make_shared<File>()};
  apply(names_, change);
  unsynced_names_.push_back(change);
  return {};
}

Result<void> CrashFiles::append(const std::string& name, std::string_view bytes) {
  const auto admitted = admit(Access::change, name);
  const auto file = find(name);
  if (!file) return admitted ? std::unexpected(file.error()) : admitted;
  const bool full = used() + bytes.size() > space_;
  if (!admitted || full) bytes = bytes.substr(0, admitted || chance(2) ? bytes.size() / 2 : 0);
  const Change change{
      .offset = (*file)->now.size(), .bytes = std::string(bytes), .truncation = false};
  apply((*file)->now, change);
  (*file)->unsynced.push_back(change);
  if (!admitted || !full) return admitted;
  ++faults_;
  return fail(Errc::unavailable, name + ": the disk is full");
}

Result<void> CrashFiles::truncate(const std::string& name, std::uint64_t size) {
  if (const auto r = admit(Access::change, name); !r) return r;
  const auto file = find(name);
  if (!file) return std::unexpected(file.error());
  const Change change{.offset = size, .bytes = "", .truncation = true};
  apply((*file)->now, change);
  (*file)->unsynced.push_back(change);
  return {};
}

Result<void> CrashFiles::sync(const std::string& name) {
  const auto admitted = admit(Access::change, name);
  const auto file = find(name);
  if (!file) return admitted ? std::unexpected(file.error()) : admitted;
  if (!powered()) return admitted;
  const bool whole = admitted.has_value();
  for (const Change& change : (*file)->unsynced) {
    if (whole || chance(2)) apply((*file)->durable, change);
  }
  (*file)->unsynced.clear();
  return admitted;
}

Result<void> CrashFiles::rename(const std::string& from, const std::string& to) {
  if (const auto r = admit(Access::change, from); !r) return r;
  const auto file = find(from);
  if (!file) return std::unexpected(file.error());
  const NameChange change{.removed = from, .added = to, .file = *file};
  apply(names_, change);
  unsynced_names_.push_back(change);
  return {};
}

Result<void> CrashFiles::remove(const std::string& name) {
  if (const auto r = admit(Access::change, name); !r) return r;
  const auto file = find(name);
  if (!file) return std::unexpected(file.error());
  const NameChange change{.removed = name, .added = "", .file = nullptr};
  apply(names_, change);
  unsynced_names_.push_back(change);
  return {};
}

Result<void> CrashFiles::sync_directory(const std::string& folder) {
  if (const auto r = admit(Access::change, folder); !r) return r;
  std::vector<NameChange> others;
  for (NameChange& change : unsynced_names_) {
    const bool here = (!change.removed.empty() && folder_of(change.removed) == folder) ||
                      (!change.added.empty() && folder_of(change.added) == folder);
    if (here) apply(durable_names_, change);
    if (!here) others.push_back(std::move(change));
  }
  unsynced_names_ = std::move(others);
  return {};
}

void CrashFiles::apply(std::string& content, const Change& change) {
  if (change.truncation) {
    content.resize(std::min<std::size_t>(content.size(), change.offset));
    return;
  }
  const std::size_t end = change.offset + change.bytes.size();
  if (content.size() < end) content.resize(end, '\0');
  content.replace(change.offset, change.bytes.size(), change.bytes);
}

void CrashFiles::apply(std::map<std::string, FilePtr>& names, const NameChange& change) {
  if (!change.removed.empty()) names.erase(change.removed);
  if (!change.added.empty()) names[change.added] = change.file;
}

void CrashFiles::lose(File& file) {
  for (Change& change : file.unsynced) {
    if (chance(3)) continue;
    const std::size_t torn = change.bytes.empty() ? 0 : random_() % (change.bytes.size() + 1);
    switch (random_() % 4) {
      case 0:  // The beginning is missing: pages are written in any order.
        change.offset += torn;
        change.bytes.erase(0, torn);
        break;
      case 1:
        change.bytes.resize(torn);
        break;
      case 2:  // The size is there, the bytes are not.
        std::fill(change.bytes.begin() + static_cast<std::ptrdiff_t>(torn), change.bytes.end(),
                  '\0');
        break;
      default:
        break;
    }
    apply(file.durable, change);
  }
  file.unsynced.clear();
  file.now = file.durable;
}

void CrashFiles::power_on() {
  for (const NameChange& change : unsynced_names_) {
    if (chance(2)) apply(durable_names_, change);
  }
  unsynced_names_.clear();
  names_ = durable_names_;
  for (const auto& [name, file] : names_) lose(*file);
  power_left_ = UINT64_MAX;
}

void CrashFiles::fail_at(std::uint64_t n, Lasts lasts) {
  until_fault_ = n;
  lasts_ = lasts;
}

void CrashFiles::heal() {
  until_fault_ = UINT64_MAX;
  space_ = UINT64_MAX;
}

std::uint64_t CrashFiles::used() const {
  std::uint64_t sum = 0;
  for (const auto& [name, file] : names_) sum += file->now.size();
  return sum;
}

std::map<std::string, std::string> CrashFiles::content() const {
  std::map<std::string, std::string> found;
  for (const auto& [name, file] : names_) found[name] = file->now;
  return found;
}

void CrashFiles::put(const std::string& name, std::string content) {
  const auto file =
      std::make_shared<File>(File{.now = content, .durable = content, .unsynced = {}});
  names_[name] = file;
  durable_names_[name] = file;
}

void CrashFiles::flip(const std::string& name, std::uint64_t offset) {
  File& file = *names_.at(name);
  for (std::string* content : {&file.now, &file.durable}) {
    if (offset < content->size()) (*content)[offset] = static_cast<char>((*content)[offset] ^ 4);
  }
}

}  // namespace wl::storage::spool
