#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/durable_file.hpp"
#include "storage/archive/archive_reader.hpp"
#include "storage/archive/file_archive.hpp"
#include "storage/archive/frame.hpp"
#include "storage/chunk/chunk.hpp"

namespace wl::storage {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Timestamp november = parse_iso8601("2026-11-22T15:00").value();
constexpr Milliseconds hour{3'600'000};

Sample sample(Milliseconds after, double value) {
  return {.point = PointId{0},
          .value = value,
          .quality = quality::good,
          .source_time = november + after};
}

std::string chunk_of(std::vector<Sample> samples) {
  return encode_chunk(samples).value();
}

class ArchiveTest : public testing::Test {
 protected:
  ArchiveTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "wl-arch-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
  }
  ~ArchiveTest() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path file() const { return directory_ / "2026-11.wlchunk"; }
  std::string content() const { return read_file(file()).value(); }
  void put(std::string_view bytes) const {
    ASSERT_TRUE(write_file(file(), bytes, Durability::visible));
  }

  /// One hour of one point with a FileArchive of its own, as after a restart.
  Result<void> append(const std::string& key, Timestamp at, const std::string& body) const {
    FileArchive archive{directory_};
    const NamedChunk chunk{key, body};
    return archive.append(at, {&chunk, 1});
  }
  ArchiveIndex index(const ArchiveFilter& filter = {}) const {
    return ArchiveReader::open(file()).value().index(filter).value();
  }
  std::vector<Sample> read(const ArchivedHour& at) const {
    return ArchiveReader::open(file()).value().samples(at).value();
  }

  std::filesystem::path directory_;
};

TEST_F(ArchiveTest, gives_back_the_chunks_of_an_hour_by_key) {
  const std::string power = chunk_of({sample({}, 1.5), sample(Milliseconds{10}, -0.0)});
  const std::string speed = chunk_of({sample({}, 3)});
  const NamedChunk both[] = {{"conveyor.speed", speed}, {"conveyor.power_kw", power}};

  ASSERT_TRUE(FileArchive{directory_}.append(november, both));

  const ArchiveIndex found = index();
  EXPECT_THAT(found.keys, ElementsAre("conveyor.power_kw", "conveyor.speed"));
  ASSERT_THAT(found.hours, SizeIs(2));
  EXPECT_THAT(read(found.hours[0]), ElementsAre(sample({}, 1.5), sample(Milliseconds{10}, -0.0)));
  EXPECT_THAT(found.damage, IsEmpty());
}

TEST_F(ArchiveTest, keeps_each_month_in_a_file_that_only_its_owner_reads) {
  ASSERT_TRUE(append("a.b", november, chunk_of({sample({}, 1)})));
  ASSERT_TRUE(append("a.b", november + hour * 24 * 30, chunk_of({sample({}, 1)})));

  EXPECT_THAT(archive_files(directory_), ElementsAre(file(), directory_ / "2026-12.wlchunk"));
  EXPECT_EQ(std::filesystem::status(file()).permissions() & std::filesystem::perms{077},
            std::filesystem::perms::none);
}

TEST_F(ArchiveTest, names_files_also_for_times_that_only_a_wrong_clock_gives) {
  EXPECT_EQ(archive_file_name(from_unix_ms(0)), "1970-01.wlchunk");
  EXPECT_EQ(archive_file_name(from_unix_ms(-1)), "1969-12.wlchunk");
  EXPECT_EQ(archive_file_name(parse_iso8601("2038-01-19T04:00").value()), "2038-01.wlchunk");
  EXPECT_EQ(archive_file_name(Timestamp::max()), "other.wlchunk");
  EXPECT_EQ(archive_file_name(Timestamp::min()), "other.wlchunk");
}

TEST_F(ArchiveTest, an_hour_appended_twice_reads_as_once) {
  ASSERT_TRUE(append("a.b", november, chunk_of({sample({}, 1)})));
  ASSERT_TRUE(append("a.b", november, chunk_of({sample({}, 1)})));

  const ArchiveIndex found = index();
  ASSERT_THAT(found.hours, SizeIs(1));
  EXPECT_THAT(read(found.hours[0]), ElementsAre(sample({}, 1)));
}

TEST_F(ArchiveTest, late_samples_join_their_hour_and_the_newest_wins) {
  ASSERT_TRUE(append("a.b", november,
                     chunk_of({sample(Milliseconds{10}, 1), sample(Milliseconds{30}, 3)})));
  ASSERT_TRUE(append("a.b", november,
                     chunk_of({sample(Milliseconds{20}, 2), sample(Milliseconds{30}, 33)})));

  EXPECT_THAT(read(index().hours[0]),
              ElementsAre(sample(Milliseconds{10}, 1), sample(Milliseconds{20}, 2),
                          sample(Milliseconds{30}, 33)));
}

TEST_F(ArchiveTest, an_hour_of_several_chunks_comes_back_whole) {
  ASSERT_TRUE(
      append("a.b", november, chunk_of({sample({}, 1)}) + chunk_of({sample(Milliseconds{1}, 2)})));

  EXPECT_THAT(read(index().hours[0]), ElementsAre(sample({}, 1), sample(Milliseconds{1}, 2)));
}

TEST_F(ArchiveTest, the_filter_takes_points_and_hours_that_touch_the_range) {
  ASSERT_TRUE(append("a.b", november, chunk_of({sample({}, 1)})));
  ASSERT_TRUE(append("a.b", november + hour, chunk_of({sample(hour, 2)})));
  ASSERT_TRUE(append("a.c", november + hour, chunk_of({sample(hour, 3)})));

  const ArchiveIndex found = index(
      {.keys = {"a.b"}, .from = november + hour + Milliseconds{5}, .to = november + 2 * hour});
  ASSERT_THAT(found.hours, SizeIs(1));
  EXPECT_THAT(read(found.hours[0]), ElementsAre(sample(hour, 2)));
}

/// Appends after each possible cut of the second group; counts what the first lost by it.
int hours_lost_by_cuts(const std::string& whole, std::size_t first_end,
                       const std::filesystem::path& path) {
  int lost = 0;
  const std::string body = chunk_of({sample({}, 7)});
  for (std::size_t cut = first_end; cut < whole.size(); ++cut) {
    EXPECT_TRUE(write_file(path, whole.substr(0, cut), Durability::visible));
    const NamedChunk chunk{"a.third", body};
    EXPECT_TRUE(FileArchive{path.parent_path()}.append(november, {&chunk, 1}));
    const auto index = ArchiveReader::open(path).value().index({}).value();
    const bool whole_record = cut + archive::head_bytes >= whole.size();
    lost += index.hours.size() != (whole_record ? 3u : 2u) || !index.damage.empty();
  }
  return lost;
}

TEST_F(ArchiveTest, a_torn_tail_is_cut_before_the_next_append_and_nothing_else) {
  ASSERT_TRUE(append("a.first", november, chunk_of({sample({}, 1)})));
  const std::size_t first_end = content().size();
  ASSERT_TRUE(append("a.second", november, chunk_of({sample({}, 2)})));

  EXPECT_EQ(hours_lost_by_cuts(content(), first_end, file()), 0);
}

TEST_F(ArchiveTest, a_torn_tail_is_told_by_the_reader_as_a_tail) {
  ASSERT_TRUE(append("a.b", november, chunk_of({sample({}, 1)})));
  const std::size_t size = content().size();
  put(content() + "WLRC half a record");

  const ArchiveIndex found = index();
  EXPECT_THAT(found.hours, SizeIs(1));
  ASSERT_THAT(found.damage, SizeIs(1));
  EXPECT_EQ(found.damage[0].offset, size);
  EXPECT_TRUE(found.damage[0].tail);
}

TEST_F(ArchiveTest, zeros_where_a_group_should_be_are_not_taken_for_it) {
  ASSERT_TRUE(append("a.b", november, chunk_of({sample({}, 1)})));
  const std::size_t first_end = content().size();
  ASSERT_TRUE(append("a.c", november, chunk_of({sample({}, 2)})));
  std::string torn = content();  // The seal reached the disk, the record did not.
  std::fill(torn.begin() + static_cast<std::ptrdiff_t>(first_end), torn.end() - archive::head_bytes,
            '\0');
  put(torn);

  ASSERT_TRUE(append("a.c", november, chunk_of({sample({}, 2)})));

  EXPECT_THAT(index().hours, SizeIs(2));
}

TEST_F(ArchiveTest, damage_in_the_middle_costs_its_record_only_and_is_named) {
  ASSERT_TRUE(append("a.b", november, chunk_of({sample({}, 1)})));
  ASSERT_TRUE(append("a.c", november, chunk_of({sample({}, 2)})));
  std::string bytes = content();
  bytes[archive::header_bytes + 2] ^= 1;  // The magic of the first record.
  put(bytes);

  ASSERT_TRUE(append("a.d", november, chunk_of({sample({}, 3)})));

  const ArchiveIndex found = index();
  EXPECT_THAT(found.keys, ElementsAre("a.c", "a.d"));
  ASSERT_THAT(found.damage, SizeIs(1));
  EXPECT_EQ(found.damage[0].offset, archive::header_bytes);
  EXPECT_FALSE(found.damage[0].tail);
}

TEST_F(ArchiveTest, a_flipped_byte_of_a_chunk_is_found_when_it_is_read) {
  ASSERT_TRUE(append("a.b", november, chunk_of({sample({}, 1)})));
  std::string bytes = content();
  bytes[archive::header_bytes + archive::head_bytes + 20] ^= 1;
  put(bytes);

  const auto reader = ArchiveReader::open(file()).value();
  const auto read = reader.samples(reader.index({}).value().hours[0]);
  EXPECT_EQ(read.error().code, Errc::corrupt);
  EXPECT_THAT(read.error().what, HasSubstr("2026-11.wlchunk"));
}

TEST_F(ArchiveTest, a_second_writer_is_refused) {
  FileArchive first{directory_};
  const std::string body = chunk_of({sample({}, 1)});
  const NamedChunk chunk{"a.b", body};
  ASSERT_TRUE(first.append(november, {&chunk, 1}));

  EXPECT_EQ(append("a.b", november, body).error().code, Errc::conflict);
}

TEST_F(ArchiveTest, a_file_that_is_no_archive_is_left_as_it_is) {
  put("this was written by somebody else");

  const auto appended = append("a.b", november, chunk_of({sample({}, 1)}));
  EXPECT_EQ(appended.error().code, Errc::corrupt);
  EXPECT_THAT(appended.error().what, HasSubstr("2026-11.wlchunk"));
  EXPECT_EQ(content(), "this was written by somebody else");
  EXPECT_EQ(ArchiveReader::open(file()).error().code, Errc::corrupt);
}

TEST_F(ArchiveTest, a_newer_format_is_refused_with_the_next_step) {
  std::string header = archive::encode_header().substr(0, 12);
  header[4] = 2;
  const std::uint32_t crc = archive::checksum(header);
  header.append(reinterpret_cast<const char*>(&crc), 4);
  put(header);

  EXPECT_EQ(ArchiveReader::open(file()).error().code, Errc::conflict);
}

TEST_F(ArchiveTest, the_bytes_of_format_1_stay_readable) {
  const std::string record = archive::encode_record("k", from_unix_ms(3'600'000), "body");
  EXPECT_EQ(archive::checksum(archive::encode_header()),
            archive::checksum(std::string("WLAR\1\0\0\0\0\0\0\0", 12) +
                              archive::encode_header().substr(12)));
  EXPECT_EQ(record.substr(0, 20), std::string("WLRC\1\0\0\0\4\0\0\0\x80\xee\x36\0\0\0\0\0", 20));
  EXPECT_EQ(record.substr(24, 5), "kbody");
  EXPECT_EQ(record.size(), 24u + 5 + 4);
}

}  // namespace
}  // namespace wl::storage
