#include "rpc/message.hpp"

#include "fuzz/fuzz.hpp"

using namespace twcard;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView octets(data, size);
  if (size >= rpc::frame_header_size)
    fuzz::parses_or_refuses(Errc::BadRequest, [&] {
      const auto header = rpc::FrameHeader::decode(octets.first<rpc::frame_header_size>());
      fuzz::require(header.json_size <= rpc::max_json_size && header.blob_size <= rpc::max_blob_size);
    });
  const auto frame = [&] { return rpc::Frame{std::string(as_text(octets)), {}}; };
  fuzz::parses_or_refuses(Errc::BadRequest, [&] { static_cast<void>(rpc::parse_request(frame())); });
  fuzz::parses_or_refuses(Errc::Internal, [&] { static_cast<void>(rpc::parse_incoming(frame())); });
  return 0;
}
