#include "state/user_state_codec.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <cstdint>

#include "common/text/utf8.h"
#include "shortlist/v1/common.pb.h"

namespace shortlist {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

constexpr uint32_t LengthTag(int field) {
  return WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
}

bool ReadText(CodedInputStream& in, std::string& text) {
  return WireFormatLite::ReadString(&in, &text) && IsUtf8(text);
}

// Reads a message: `read_field(tag)` reads the field of that tag, or skips one that it does not
// know.
template <class ReadField>
bool ReadFields(CodedInputStream& in, const ReadField& read_field) {
  while (const uint32_t tag = in.ReadTag())
    if (!read_field(tag)) return false;
  return in.ConsumedEntireMessage();
}

// The same of a message within another.
template <class ReadField>
bool ReadNested(CodedInputStream& in, const ReadField& read_field) {
  int length = 0;
  // A limit beyond the end would be taken for the end.
  if (!in.ReadVarintSizeAsInt(&length) || length > in.BytesUntilLimit()) return false;
  const CodedInputStream::Limit limit = in.PushLimit(length);
  const bool read = ReadFields(in, read_field);
  in.PopLimit(limit);
  return read;
}

bool ReadInteraction(CodedInputStream& in, Interaction& interaction) {
  return ReadNested(in, [&](uint32_t tag) {
    switch (tag) {
      case LengthTag(v1::Interaction::kItemIdFieldNumber):
        return ReadText(in, interaction.item_id);
      case WireFormatLite::MakeTag(v1::Interaction::kTimeMsFieldNumber,
                                   WireFormatLite::WIRETYPE_VARINT):
        return WireFormatLite::ReadPrimitive<int64_t, WireFormatLite::TYPE_INT64>(
            &in, &interaction.time_ms);
      case WireFormatLite::MakeTag(v1::Interaction::kValueFieldNumber,
                                   WireFormatLite::WIRETYPE_FIXED32):
        return WireFormatLite::ReadPrimitive<float, WireFormatLite::TYPE_FLOAT>(&in,
                                                                                &interaction.value);
      default:
        return WireFormatLite::SkipField(&in, tag);
    }
  });
}

// Packed, as proto3 writes them.
bool ReadTimes(CodedInputStream& in, std::vector<int64_t>& times) {
  int length = 0;
  if (!in.ReadVarintSizeAsInt(&length) || length > in.BytesUntilLimit()) return false;
  const CodedInputStream::Limit limit = in.PushLimit(length);
  while (in.BytesUntilLimit() > 0) {
    if (!WireFormatLite::ReadPrimitive<int64_t, WireFormatLite::TYPE_INT64>(&in,
                                                                            &times.emplace_back()))
      return false;
  }
  in.PopLimit(limit);
  return true;
}

// An item that was never shown has no place there.
bool ReadShowings(CodedInputStream& in, Showings& shown) {
  const bool is_read = ReadNested(in, [&](uint32_t tag) {
    switch (tag) {
      case LengthTag(v1::Showings::kItemIdFieldNumber):
        return ReadText(in, shown.item_id);
      case LengthTag(v1::Showings::kTimesMsFieldNumber):
        return ReadTimes(in, shown.times_ms);
      default:
        return WireFormatLite::SkipField(&in, tag);
    }
  });
  return is_read && !shown.times_ms.empty();
}

bool ReadAttribute(CodedInputStream& in, NamedAttribute& attribute) {
  return ReadNested(in, [&](uint32_t tag) {
    switch (tag) {
      case LengthTag(v1::Attribute::kNameFieldNumber):
        return ReadText(in, attribute.name);
      case LengthTag(v1::Attribute::kValuesFieldNumber):
        return ReadText(in, attribute.values.emplace_back());
      default:
        return WireFormatLite::SkipField(&in, tag);
    }
  });
}

}  // namespace

bool EncodeUserState(const UserState& state, std::string& bytes) {
  v1::UserState message;
  message.set_user_id(state.user_id);
  bool is_utf8 = IsUtf8(state.user_id);
  for (const NamedAttribute& attribute : state.attributes) {
    v1::Attribute& out = *message.add_attributes();
    out.set_name(attribute.name);
    is_utf8 = is_utf8 && IsUtf8(attribute.name);
    for (const std::string& value : attribute.values) {
      out.add_values(value);
      is_utf8 = is_utf8 && IsUtf8(value);
    }
  }
  const auto add = [&](const Interaction& interaction, v1::Interaction& out) {
    out.set_item_id(interaction.item_id);
    out.set_time_ms(interaction.time_ms);
    out.set_value(interaction.value);
    is_utf8 = is_utf8 && IsUtf8(interaction.item_id);
  };
  for (const Interaction& interaction : state.history) add(interaction, *message.add_history());
  for (const Interaction& refusal : state.refused) add(refusal, *message.add_refused());
  for (const Showings& shown : state.shown) {
    v1::Showings& out = *message.add_shown();
    out.set_item_id(shown.item_id);
    out.mutable_times_ms()->Assign(shown.times_ms.begin(), shown.times_ms.end());
    is_utf8 = is_utf8 && IsUtf8(shown.item_id);
  }
  return is_utf8 && message.SerializeToString(&bytes);
}

bool DecodeUserState(std::string_view bytes, UserState& state) {
  CodedInputStream in(reinterpret_cast<const uint8_t*>(bytes.data()),
                      static_cast<int>(bytes.size()));
  return ReadFields(in, [&](uint32_t tag) {
    switch (tag) {
      case LengthTag(v1::UserState::kUserIdFieldNumber):
        return ReadText(in, state.user_id);
      case LengthTag(v1::UserState::kAttributesFieldNumber):
        return ReadAttribute(in, state.attributes.emplace_back());
      case LengthTag(v1::UserState::kHistoryFieldNumber):
        return ReadInteraction(in, state.history.emplace_back());
      case LengthTag(v1::UserState::kRefusedFieldNumber):
        return ReadInteraction(in, state.refused.emplace_back());
      case LengthTag(v1::UserState::kShownFieldNumber):
        return ReadShowings(in, state.shown.emplace_back());
      default:
        return WireFormatLite::SkipField(&in, tag);
    }
  });
}

}  // namespace shortlist
