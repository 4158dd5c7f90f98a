#include "storage/spool/frame.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wl::storage::spool {
namespace {

std::string flipped(std::string bytes, std::size_t at) {
  bytes[at] = static_cast<char>(bytes[at] ^ 1);
  return bytes;
}

/// Places where a changed bit is not noticed.
template <class Whole>
std::vector<std::size_t> unnoticed(const std::string& bytes, Whole whole) {
  std::vector<std::size_t> found;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    if (whole(flipped(bytes, at))) found.push_back(at);
  }
  return found;
}

TEST(SpoolFrame, a_header_says_what_was_written_under_its_own_number_only) {
  const std::string bytes = encode_header({.number = 7, .after_seq = 1234567890123});

  ASSERT_EQ(bytes.size(), header_bytes);
  EXPECT_EQ(decode_header(bytes, 7).state, HeaderState::whole);
  EXPECT_EQ(decode_header(bytes, 7).header.after_seq, 1234567890123u);
  EXPECT_EQ(decode_header(bytes, 8).state, HeaderState::damaged);
}

TEST(SpoolFrame, every_changed_bit_of_a_header_a_head_and_a_mark_is_noticed) {
  const auto header = [](const std::string& bytes) {
    return decode_header(bytes, 7).state != HeaderState::damaged;
  };
  const auto head = [](const std::string& bytes) { return decode_head(bytes, 7).has_value(); };
  const auto mark = [](const std::string& bytes) { return decode_mark(bytes).has_value(); };

  EXPECT_THAT(unnoticed(encode_header({.number = 7, .after_seq = 9}), header), testing::IsEmpty());
  EXPECT_THAT(unnoticed(encode_head({.size = 5, .seq = 9}, 7), head), testing::IsEmpty());
  EXPECT_THAT(unnoticed(encode_mark({.released = 5, .dropped_to = 3}), mark), testing::IsEmpty());
}

TEST(SpoolFrame, a_head_belongs_to_its_segment) {
  const std::string bytes = encode_head({.size = 5, .seq = 9, .durable_seq = 8}, 7);

  ASSERT_EQ(bytes.size(), head_bytes);
  EXPECT_EQ(decode_head(bytes, 7)->durable_seq, 8u);
  EXPECT_FALSE(decode_head(bytes, 6));
  EXPECT_FALSE(decode_head(bytes.substr(0, 31), 7));
}

TEST(SpoolFrame, a_record_larger_than_possible_is_none) {
  const Head head{.size = max_record_bytes + 1, .seq = 1};

  EXPECT_FALSE(decode_head(encode_head(head, 1), 1));
}

TEST(SpoolFrame, whole_heads_are_found_among_anything) {
  std::string bytes = "WLSR WLSE noise WLS";
  append_record(bytes, {.seq = 12, .durable_seq = 10}, "a payload", 3);
  bytes += "more noise";

  EXPECT_EQ(search_heads(bytes, 3).durable_seq, 10u);
  EXPECT_EQ(search_heads(bytes, 3).seq, 12u);
  EXPECT_EQ(search_heads(bytes, 4).seq, 0u);
}

TEST(SpoolFrame, somebody_elses_file_and_an_unfinished_one_are_told_apart) {
  EXPECT_EQ(decode_header("a letter to somebody, longer than a header", 1).state,
            HeaderState::foreign);
  EXPECT_EQ(decode_header(std::string(40, '\0'), 1).state, HeaderState::damaged);
  EXPECT_EQ(decode_header("WLSP", 1).state, HeaderState::damaged);
  EXPECT_EQ(decode_header("", 1).state, HeaderState::damaged);
}

TEST(SpoolFrame, only_eight_digits_and_the_ending_are_the_name_of_a_segment) {
  EXPECT_EQ(segment_name(42), "00000042.wlspool");
  EXPECT_EQ(segment_number("00000042.wlspool"), 42u);
  EXPECT_FALSE(segment_number("00000000.wlspool"));
  EXPECT_FALSE(segment_number("0000042.wlspool"));
  EXPECT_FALSE(segment_number("0000004x.wlspool"));
  EXPECT_FALSE(segment_number("00000042.wlspool-damaged"));
}

}  // namespace
}  // namespace wl::storage::spool
