#include "storage/sqlite/testing/crash_disk.hpp"

#include <algorithm>
#include <cstring>

namespace wl::storage {

void CrashDisk::put(const std::string& name, std::string content) {
  auto file = std::make_unique<File>();
  file->name = name;
  file->now = content;
  file->durable = std::move(content);
  file->unsynced_name = false;
  files_[name] = std::move(file);
}

std::map<std::string, std::string> CrashDisk::content() const {
  std::map<std::string, std::string> found;
  for (const auto& [name, file] : files_) {
    if (!file->removed) found[name] = file->now;
  }
  return found;
}

bool CrashDisk::exists(const std::string& name) const {
  const auto found = files_.find(name);
  return found != files_.end() && !found->second->removed;
}

CrashDisk::File* CrashDisk::open(const std::string& name, bool create) {
  if (admit(DiskCall::open, name) != DiskAnswer::ok) return nullptr;
  if (!exists(name)) {
    if (!create) return nullptr;
    auto& slot = files_[name];
    // A removal that was not synced and the new file share a name: the old content may return.
    if (slot == nullptr) {
      slot = std::make_unique<File>();
      slot->name = name;
    } else {
      slot->removed = false;
      slot->unsynced.push_back({.offset = 0, .bytes = {}, .truncation = true});
      slot->now.clear();
    }
  }
  File* file = files_[name].get();
  ++file->opened;
  return file;
}

DiskAnswer CrashDisk::read(File& file, std::size_t offset, std::size_t size, char* to) {
  if (const auto answer = admit(DiskCall::read, file.name); answer != DiskAnswer::ok) return answer;
  const std::size_t there =
      offset >= file.now.size() ? 0 : std::min(size, file.now.size() - offset);
  if (there > 0) std::memcpy(to, file.now.data() + offset, there);
  if (there == size) return DiskAnswer::ok;
  std::memset(to + there, 0, size - there);
  return DiskAnswer::short_read;
}

DiskAnswer CrashDisk::write(File& file, std::size_t offset, std::string_view bytes) {
  const auto answer = admit(DiskCall::write, file.name);
  if (answer == DiskAnswer::io_error && powered()) return answer;
  if (answer == DiskAnswer::full) bytes = bytes.substr(0, bytes.size() / 2);
  // The write that a power loss interrupts may have reached the disk in part.
  file.unsynced.push_back({.offset = offset, .bytes = std::string(bytes), .truncation = false});
  if (powered()) apply(file.now, file.unsynced.back());
  return answer;
}

DiskAnswer CrashDisk::truncate(File& file, std::size_t size) {
  if (const auto answer = admit(DiskCall::truncate, file.name); answer != DiskAnswer::ok)
    return answer;
  file.unsynced.push_back({.offset = size, .bytes = {}, .truncation = true});
  apply(file.now, file.unsynced.back());
  return DiskAnswer::ok;
}

DiskAnswer CrashDisk::sync(File& file) {
  if (const auto answer = admit(DiskCall::sync, file.name); answer != DiskAnswer::ok) {
    // After a failed sync Linux takes the pages for clean: what reached the disk is decided now.
    if (powered()) lose(file);
    return answer;
  }
  if (drops_syncs_) return DiskAnswer::ok;
  for (const File::Change& change : file.unsynced) apply(file.durable, change);
  file.unsynced.clear();
  file.unsynced_name = false;
  return DiskAnswer::ok;
}

DiskAnswer CrashDisk::remove(const std::string& name, bool synced) {
  if (const auto answer = admit(DiskCall::remove, name); answer != DiskAnswer::ok) return answer;
  const auto found = files_.find(name);
  if (found == files_.end()) return DiskAnswer::ok;
  if (found->second->opened > 0) {  // Its readers keep it; the name is free.
    unlinked_.push_back(std::move(found->second));
    files_.erase(found);
  } else if (synced) {
    files_.erase(found);
  } else {
    found->second->removed = true;
  }
  return DiskAnswer::ok;
}

void CrashDisk::power_on() {
  unlinked_.clear();
  for (auto file = files_.begin(); file != files_.end();) {
    const bool name_in_doubt = file->second->removed || file->second->unsynced_name;
    if (name_in_doubt && pick(2) == 0) {
      file = files_.erase(file);
      continue;
    }
    lose(*file->second);
    file->second->removed = false;
    file->second->unsynced_name = false;
    file->second->now = file->second->durable;
    ++file;
  }
  power_left_ = UINT64_MAX;
  fatal_sync_.reset();
  heal();
}

void CrashDisk::fault_at(Fault fault, std::uint64_t n, Lasts lasts) {
  fault_ = fault;
  until_fault_ = n;
  lasts_ = lasts;
  faulted_ = false;
}

DiskAnswer CrashDisk::admit(DiskCall call, const std::string& file) {
  ++calls_;
  const bool takes_space = call == DiskCall::write || call == DiskCall::truncate;
  const bool changes = takes_space || call == DiskCall::sync || call == DiskCall::remove;
  if (call == DiskCall::sync && fatal_sync_ == file) power_left_ = 1;
  if (changes && power_left_ != UINT64_MAX && power_left_ > 0) {
    --power_left_;
    if (!powered()) loss_ = {call, file};
  }
  if (!powered()) return DiskAnswer::io_error;
  const bool counts = fault_ == Fault::io_error || (fault_ == Fault::full && takes_space);
  if (!counts) return DiskAnswer::ok;
  if (until_fault_ > 1) {
    --until_fault_;
    return DiskAnswer::ok;
  }
  const auto answer = fault_ == Fault::full ? DiskAnswer::full : DiskAnswer::io_error;
  faulted_ = true;
  if (lasts_ == Lasts::once) fault_ = Fault::none;
  return answer;
}

void CrashDisk::apply(std::string& content, const File::Change& change) {
  if (change.truncation) {
    content.resize(change.offset);
    return;
  }
  content.resize(std::max(content.size(), change.offset + change.bytes.size()));
  content.replace(change.offset, change.bytes.size(), change.bytes);
}

void CrashDisk::lose(File& file) {
  const auto fate = pick(4);  // All arrived, nothing arrived, or (twice as likely) some of it.
  for (const File::Change& change : file.unsynced) {
    if (fate == 0) apply(file.durable, change);
    if (fate >= 2) apply_in_part(file.durable, change);
  }
  file.unsynced.clear();
}

void CrashDisk::apply_in_part(std::string& content, const File::Change& change) {
  if (change.truncation) {
    if (pick(2) == 0) apply(content, change);
    return;
  }
  const std::size_t end = change.offset + change.bytes.size();
  for (std::size_t at = change.offset; at < end;) {
    const std::size_t next = std::min(end, (at / sector + 1) * sector);
    const auto fate = pick(10);
    // Torn: the sector's first bytes are new, the others are as before.
    const std::size_t size = fate == 0 ? pick(next - at) : fate < 5 ? next - at : 0;
    if (size > 0) {
      apply(content, {.offset = at,
                      .bytes = change.bytes.substr(at - change.offset, size),
                      .truncation = false});
    }
    at = next;
  }
}

}  // namespace wl::storage
