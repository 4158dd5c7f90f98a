#include "web/live/mailbox.hpp"

namespace wl::web {

Pushed make_pushed(LiveMessage message) {
  auto text = std::make_shared<const std::string>(encode_live(message));
  return {std::make_shared<const LiveMessage>(std::move(message)), std::move(text)};
}

void Mailbox::offer(const Pushed& pushed) {
  if (empty() || pushed.message->type == LiveMessage::Type::snapshot) {
    merged_.reset();
    waiting_ = pushed;
    return;
  }
  if (waiting_) {
    merged_ = *waiting_->message;
    waiting_.reset();
  }
  ++conflated_;
  fold(*pushed.message);
}

void Mailbox::fold(const LiveMessage& message) {
  using Type = LiveMessage::Type;
  if (merged_->type == Type::link && message.type == Type::values) merged_->type = Type::values;
  merged_->ts = message.ts;
  for (const auto& [key, value] : message.values) merged_->values.insert_or_assign(key, value);
  if (message.link) merged_->link = message.link;
}

std::shared_ptr<const std::string> Mailbox::next() {
  if (waiting_) {
    auto text = std::move(waiting_->text);
    waiting_.reset();
    return text;
  }
  if (!merged_) return nullptr;
  LiveMessage message = std::move(*merged_);
  merged_.reset();
  // Clients look for the link in snapshot and link messages only.
  if (message.type == LiveMessage::Type::values && message.link) {
    LiveMessage link;
    link.type = LiveMessage::Type::link;
    link.ts = message.ts;
    link.link = std::move(message.link);
    message.link.reset();
    merged_ = std::move(message);
    return std::make_shared<const std::string>(encode_live(link));
  }
  return std::make_shared<const std::string>(encode_live(message));
}

}  // namespace wl::web
