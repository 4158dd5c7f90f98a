// What every engine's Tables must do: the tests are in tables_contract_test.cpp, an engine joins
// with INSTANTIATE_TEST_SUITE_P(<engine>, TablesContract, testing::Values(<make>)).
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "storage/tables.hpp"

namespace wl::storage {

/// An empty, prepared database that goes away with this object.
class TestEngine {
 public:
  virtual ~TestEngine() = default;
  /// One more connection to it.
  virtual std::unique_ptr<Tables> open() = 0;
};

using MakeTestEngine = std::unique_ptr<TestEngine> (*)();

class TablesContract : public testing::TestWithParam<MakeTestEngine> {
 protected:
  TablesContract() : engine_(GetParam()()), tables_(engine_->open()) {}

  /// In a transaction of its own, as all writes come.
  template <class Work>
  auto write(Work&& work) {
    tables_->begin(Access::write);
    if constexpr (std::is_void_v<decltype(work())>) {
      work();
      tables_->commit();
    } else {
      auto answer = work();
      tables_->commit();
      return answer;
    }
  }

  std::unique_ptr<TestEngine> engine_;
  std::unique_ptr<Tables> tables_;
};

}  // namespace wl::storage
