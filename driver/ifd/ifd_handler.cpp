// The driver's entry points for pcscd, IFDHandler 3.0 (ifdhandler.h of libpcsclite-dev): each checks its pointers,
// finds the reader and turns what it throws into a response code.
#include "driver/base/error.hpp"
#include "driver/base/log.hpp"
#include "driver/ifd/reader.hpp"
#include "driver/ifd/usb_transport.hpp"

#include <algorithm>
#include <cstring>
#include <map>

extern "C" {
#include <ifdhandler.h>
#include <reader.h>
}

#define IFD_ENTRY extern "C" __attribute__((visibility("default"))) RESPONSECODE

namespace twcard::ifd {

namespace {

constexpr std::uint8_t most_readers = 16;

class Readers {
public:
  void add(DWORD lun, std::shared_ptr<Reader> reader) {
    const std::lock_guard lock(m_mutex);
    m_readers.insert_or_assign(lun, std::move(reader));
  }
  std::shared_ptr<Reader> take(DWORD lun) {
    const std::lock_guard lock(m_mutex);
    auto node = m_readers.extract(lun);
    return node ? std::move(node.mapped()) : nullptr;
  }
  std::shared_ptr<Reader> find(DWORD lun) const {
    const std::lock_guard lock(m_mutex);
    const auto found = m_readers.find(lun);
    if (found == m_readers.end()) throw Error(Errc::NoReader, "no reader with this number");
    return found->second;
  }

private:
  mutable std::mutex m_mutex;
  std::map<DWORD, std::shared_ptr<Reader>> m_readers;
};

Readers& readers() {
  static Readers instance;
  return instance;
}

RESPONSECODE response_code(Errc code) {
  switch (code) {
  case Errc::NoReader: return IFD_NO_SUCH_DEVICE;
  case Errc::CardRemoved: return IFD_ICC_NOT_PRESENT;
  case Errc::Timeout: return IFD_RESPONSE_TIMEOUT;
  case Errc::UnsupportedCard: return IFD_PROTOCOL_NOT_SUPPORTED;
  case Errc::CardRefused: return IFD_ERROR_PTS_FAILURE;
  case Errc::BadRequest: return IFD_NOT_SUPPORTED;
  case Errc::BadCardData:
  case Errc::PinIncorrect:
  case Errc::PinBlocked:
  case Errc::PinLength:
  case Errc::PinRequired:
  case Errc::PinLastTry:
  case Errc::Cancelled:
  case Errc::NoCard:
  case Errc::CardReset:
  case Errc::SeveralCards:
  case Errc::NoPcsc:
  case Errc::ProfileMissing:
  case Errc::SignatureMismatch:
  case Errc::OriginDenied:
  case Errc::ConsentDenied:
  case Errc::PromptUnavailable:
  case Errc::SiteUnreachable:
  case Errc::SiteFailed:
  case Errc::ServiceUnavailable:
  case Errc::Internal: return IFD_COMMUNICATION_ERROR;
  }
  return IFD_COMMUNICATION_ERROR;
}

// No exception may reach pcscd.
template <typename Action>
RESPONSECODE guarded(const char* what, Action action) noexcept {
  try {
    return action();
  } catch (const Error& error) {
    if (error.code() != Errc::NoReader) log::warning("ifd-ez100pu", "{}: {}", what, error.what());
    return response_code(error.code());
  } catch (const std::exception& error) {
    log::error("ifd-ez100pu", "{}: {}", what, error.what());
    return IFD_COMMUNICATION_ERROR;
  }
}

RESPONSECODE give(ByteView octets, PDWORD length, PUCHAR value) {
  const DWORD room = *length;
  *length = octets.size();
  if (room < octets.size()) return IFD_ERROR_INSUFFICIENT_BUFFER;
  if (!octets.empty()) std::memcpy(value, octets.data(), octets.size());
  return IFD_SUCCESS;
}

RESPONSECODE give(std::uint8_t octet, PDWORD length, PUCHAR value) {
  return give(ByteView(&octet, 1), length, value);
}

template <typename Function>
RESPONSECODE give_function(Function function, PDWORD length, PUCHAR value) {
  std::array<std::uint8_t, sizeof function> octets{};
  std::memcpy(octets.data(), &function, sizeof function);
  return give(octets, length, value);
}

RESPONSECODE wait_for_event(DWORD lun, int timeout) {
  return guarded("waiting", [&] {
    readers().find(lun)->wait_for_event(std::chrono::milliseconds(std::max(timeout, 0)));
    return IFD_SUCCESS;
  });
}

RESPONSECODE stop_waiting(DWORD lun) {
  return guarded("ending the wait", [&] {
    readers().find(lun)->stop_waiting();
    return IFD_SUCCESS;
  });
}

std::optional<Protocol> protocol_of(DWORD number) {
  if (number == SCARD_PROTOCOL_T0) return Protocol::T0;
  if (number == SCARD_PROTOCOL_T1) return Protocol::T1;
  return std::nullopt;
}

} // namespace

} // namespace twcard::ifd

using namespace twcard;
using namespace twcard::ifd;

IFD_ENTRY IFDHCreateChannelByName(DWORD Lun, LPSTR DeviceName) {
  return guarded("opening", [&] {
    const auto address = DeviceName != nullptr ? parse_device_name(DeviceName) : std::nullopt;
    if (!address) return static_cast<RESPONSECODE>(IFD_NO_SUCH_DEVICE);
    try {
      readers().add(Lun, std::make_shared<Reader>(open_usb(*address)));
    } catch (const Error& error) {
      log::error("ifd-ez100pu", "{}", error.what());
      throw;
    }
    return static_cast<RESPONSECODE>(IFD_SUCCESS);
  });
}

// Readers on the USB come with their name.
IFD_ENTRY IFDHCreateChannel(DWORD, DWORD) {
  return IFD_NOT_SUPPORTED;
}

IFD_ENTRY IFDHCloseChannel(DWORD Lun) {
  return guarded("closing", [&] {
    const auto reader = readers().take(Lun);
    if (!reader) return static_cast<RESPONSECODE>(IFD_NO_SUCH_DEVICE);
    reader->stop_waiting();
    reader->power_off();
    return static_cast<RESPONSECODE>(IFD_SUCCESS);
  });
}

IFD_ENTRY IFDHGetCapabilities(DWORD Lun, DWORD Tag, PDWORD Length, PUCHAR Value) {
  if (Length == nullptr || Value == nullptr) return IFD_COMMUNICATION_ERROR;
  return guarded("capabilities", [&]() -> RESPONSECODE {
    switch (Tag) {
    case TAG_IFD_SIMULTANEOUS_ACCESS: return give(most_readers, Length, Value);
    case TAG_IFD_THREAD_SAFE:
    case TAG_IFD_SLOTS_NUMBER: return give(std::uint8_t{1}, Length, Value);
    case TAG_IFD_SLOT_THREAD_SAFE:
    case TAG_IFD_POLLING_THREAD_KILLABLE: return give(std::uint8_t{0}, Length, Value);
    case TAG_IFD_POLLING_THREAD_WITH_TIMEOUT: return give_function(&wait_for_event, Length, Value);
    case TAG_IFD_STOP_POLLING_THREAD: return give_function(&stop_waiting, Length, Value);
    case TAG_IFD_ATR:
    case SCARD_ATTR_ATR_STRING: return give(readers().find(Lun)->atr(), Length, Value);
    case SCARD_ATTR_ICC_PRESENCE:
      return give(readers().find(Lun)->card_present() ? std::uint8_t{2} : std::uint8_t{0}, Length, Value);
    case SCARD_ATTR_ICC_INTERFACE_STATUS:
      return give(readers().find(Lun)->atr().empty() ? std::uint8_t{0} : std::uint8_t{1}, Length, Value);
    case SCARD_ATTR_VENDOR_NAME: return give(as_bytes("Castles Technology"), Length, Value);
    case SCARD_ATTR_VENDOR_IFD_TYPE: return give(as_bytes("EZ100PU"), Length, Value);
    default: return IFD_ERROR_TAG;
    }
  });
}

IFD_ENTRY IFDHSetCapabilities(DWORD, DWORD, DWORD, PUCHAR) {
  return IFD_ERROR_TAG;
}

IFD_ENTRY IFDHSetProtocolParameters(DWORD Lun, DWORD Protocol, UCHAR, UCHAR, UCHAR, UCHAR) {
  return guarded("protocol", [&] {
    const auto protocol = protocol_of(Protocol);
    if (!protocol) return static_cast<RESPONSECODE>(IFD_PROTOCOL_NOT_SUPPORTED);
    readers().find(Lun)->select_protocol(*protocol);
    return static_cast<RESPONSECODE>(IFD_SUCCESS);
  });
}

IFD_ENTRY IFDHPowerICC(DWORD Lun, DWORD Action, PUCHAR Atr, PDWORD AtrLength) {
  if (Atr == nullptr || AtrLength == nullptr) return IFD_COMMUNICATION_ERROR;
  *AtrLength = 0;
  const RESPONSECODE code = guarded("power", [&] {
    const auto reader = readers().find(Lun);
    switch (Action) {
    case IFD_POWER_UP:
    case IFD_RESET: {
      const Bytes atr = reader->power_on();
      std::memset(Atr, 0, MAX_ATR_SIZE);
      std::memcpy(Atr, atr.data(), atr.size());
      *AtrLength = atr.size();
      return static_cast<RESPONSECODE>(IFD_SUCCESS);
    }
    case IFD_POWER_DOWN: reader->power_off(); return static_cast<RESPONSECODE>(IFD_SUCCESS);
    default: return static_cast<RESPONSECODE>(IFD_NOT_SUPPORTED);
    }
  });
  const bool passed_on = code == IFD_SUCCESS || code == IFD_NO_SUCH_DEVICE || code == IFD_NOT_SUPPORTED;
  return passed_on ? code : static_cast<RESPONSECODE>(IFD_ERROR_POWER_ACTION);
}

IFD_ENTRY IFDHTransmitToICC(DWORD Lun, SCARD_IO_HEADER SendPci, PUCHAR TxBuffer, DWORD TxLength, PUCHAR RxBuffer,
                            PDWORD RxLength, PSCARD_IO_HEADER RecvPci) {
  if (TxBuffer == nullptr || RxBuffer == nullptr || RxLength == nullptr) return IFD_COMMUNICATION_ERROR;
  DWORD room = std::exchange(*RxLength, 0);
  return guarded("exchange", [&] {
    if (SendPci.Protocol > 1) return static_cast<RESPONSECODE>(IFD_PROTOCOL_NOT_SUPPORTED);
    Bytes response =
        readers().find(Lun)->transmit(static_cast<ifd::Protocol>(SendPci.Protocol), ByteView(TxBuffer, TxLength));
    const RESPONSECODE code = give(response, &room, RxBuffer);
    if (code == IFD_SUCCESS) *RxLength = room;
    if (RecvPci != nullptr) RecvPci->Protocol = SendPci.Protocol;
    return code;
  });
}

IFD_ENTRY IFDHControl(DWORD, DWORD, PUCHAR, DWORD, PUCHAR, DWORD, LPDWORD pdwBytesReturned) {
  if (pdwBytesReturned != nullptr) *pdwBytesReturned = 0;
  return IFD_ERROR_NOT_SUPPORTED;
}

IFD_ENTRY IFDHICCPresence(DWORD Lun) {
  return guarded("presence", [&] {
    return static_cast<RESPONSECODE>(readers().find(Lun)->card_present() ? IFD_ICC_PRESENT : IFD_ICC_NOT_PRESENT);
  });
}
