#include "driver/ifd/usb_transport.hpp"

#include "driver/base/error.hpp"
#include "driver/ifd/message.hpp"

#include <array>
#include <fmt/format.h>
#include <libusb.h>
#include <mutex>
#include <utility>

namespace twcard::ifd {

namespace {

using std::chrono::milliseconds;

struct ContextDeleter {
  void operator()(libusb_context* context) const noexcept { libusb_exit(context); }
};
struct HandleDeleter {
  void operator()(libusb_device_handle* handle) const noexcept { libusb_close(handle); }
};
struct ConfigDeleter {
  void operator()(libusb_config_descriptor* config) const noexcept { libusb_free_config_descriptor(config); }
};
struct TransferDeleter {
  void operator()(libusb_transfer* transfer) const noexcept { libusb_free_transfer(transfer); }
};
using Context = std::unique_ptr<libusb_context, ContextDeleter>;
using Handle = std::unique_ptr<libusb_device_handle, HandleDeleter>;

struct Pipes {
  std::uint8_t out = 0;
  std::uint8_t in = 0;
  std::uint8_t notify = 0;
};

[[noreturn]] void fail(int code, const char* what) {
  Errc errc = Errc::BadCardData;
  if (code == LIBUSB_ERROR_TIMEOUT) errc = Errc::Timeout;
  if (code == LIBUSB_ERROR_NO_DEVICE || code == LIBUSB_ERROR_NOT_FOUND || code == LIBUSB_ERROR_ACCESS)
    errc = Errc::NoReader;
  throw Error(errc, fmt::format("{}: {}", what, libusb_error_name(code)));
}

unsigned timeout_of(milliseconds time) {
  return static_cast<unsigned>(std::max<milliseconds::rep>(time.count(), 1)); // 0 would mean without end
}

class UsbTransport final : public Transport {
public:
  UsbTransport(Context context, Handle handle, std::uint8_t interface, Pipes pipes)
      : m_context(std::move(context)), m_handle(std::move(handle)), m_interface(interface), m_pipes(pipes) {}
  ~UsbTransport() override { libusb_release_interface(m_handle.get(), m_interface); }
  UsbTransport(const UsbTransport&) = delete;
  UsbTransport& operator=(const UsbTransport&) = delete;

  void send(ByteView message, milliseconds timeout) override {
    int sent = 0;
    // libusb takes a pointer to non-const octets and only reads them.
    const int code = libusb_bulk_transfer(m_handle.get(), m_pipes.out, const_cast<std::uint8_t*>(message.data()),
                                          static_cast<int>(message.size()), &sent, timeout_of(timeout));
    if (code != LIBUSB_SUCCESS) recover(m_pipes.out, code, "USB: sending");
    if (static_cast<std::size_t>(sent) != message.size()) throw Error(Errc::BadCardData, "USB: message cut short");
  }

  Bytes receive(milliseconds timeout) override {
    Bytes octets(2 * longest_message);
    int received = 0;
    const int code = libusb_bulk_transfer(m_handle.get(), m_pipes.in, octets.data(), static_cast<int>(octets.size()),
                                          &received, timeout_of(timeout));
    // A message that fills its last packet has no visible end when the reader leaves out the empty packet.
    const bool unended = code == LIBUSB_ERROR_TIMEOUT && received > 0;
    if (code != LIBUSB_SUCCESS && !unended) recover(m_pipes.in, code, "USB: receiving");
    octets.resize(static_cast<std::size_t>(received));
    return octets;
  }

  Notification wait_notification(milliseconds timeout) override {
    const std::unique_ptr<libusb_transfer, TransferDeleter> transfer(libusb_alloc_transfer(0));
    if (!transfer) throw std::bad_alloc();
    std::array<std::uint8_t, 64> buffer{};
    int completed = 0;
    libusb_fill_interrupt_transfer(transfer.get(), m_handle.get(), m_pipes.notify, buffer.data(),
                                   static_cast<int>(buffer.size()), mark_completed, &completed, timeout_of(timeout));
    {
      const std::lock_guard lock(m_mutex);
      if (std::exchange(m_stop, false)) return {.wake = Wake::Stopped, .octets = {}};
      const int code = libusb_submit_transfer(transfer.get());
      if (code == LIBUSB_ERROR_NO_DEVICE) fail(code, "USB: waiting");
      if (code != LIBUSB_SUCCESS) return {.wake = Wake::PipeFailed, .octets = {}};
      m_waiting = transfer.get();
    }
    while (completed == 0) {
      const int code = libusb_handle_events_completed(m_context.get(), &completed);
      if (code != LIBUSB_SUCCESS && code != LIBUSB_ERROR_INTERRUPTED) libusb_cancel_transfer(transfer.get());
    }
    const std::lock_guard lock(m_mutex);
    m_waiting = nullptr;
    if (std::exchange(m_stop, false)) return {.wake = Wake::Stopped, .octets = {}};
    return outcome_of(*transfer);
  }

  void stop_waiting() noexcept override {
    const std::lock_guard lock(m_mutex);
    m_stop = true;
    if (m_waiting != nullptr) libusb_cancel_transfer(m_waiting);
  }

private:
  static void LIBUSB_CALL mark_completed(libusb_transfer* transfer) { *static_cast<int*>(transfer->user_data) = 1; }

  static Notification outcome_of(const libusb_transfer& transfer) {
    switch (transfer.status) {
    case LIBUSB_TRANSFER_COMPLETED:
      return {.wake = Wake::Notification, .octets = Bytes(transfer.buffer, transfer.buffer + transfer.actual_length)};
    case LIBUSB_TRANSFER_TIMED_OUT: return {.wake = Wake::Timeout, .octets = {}};
    case LIBUSB_TRANSFER_NO_DEVICE: fail(LIBUSB_ERROR_NO_DEVICE, "USB: waiting");
    case LIBUSB_TRANSFER_CANCELLED:
    case LIBUSB_TRANSFER_ERROR:
    case LIBUSB_TRANSFER_STALL:
    case LIBUSB_TRANSFER_OVERFLOW: break;
    }
    return {.wake = Wake::PipeFailed, .octets = {}};
  }

  [[noreturn]] void recover(std::uint8_t pipe, int code, const char* what) {
    if (code == LIBUSB_ERROR_PIPE) libusb_clear_halt(m_handle.get(), pipe);
    fail(code, what);
  }

  Context m_context;
  Handle m_handle;
  std::uint8_t m_interface;
  Pipes m_pipes;
  std::mutex m_mutex;
  libusb_transfer* m_waiting = nullptr;
  bool m_stop = false;
};

Handle open_device(libusb_context* context, const UsbAddress& address) {
  libusb_device** list = nullptr;
  const auto count = libusb_get_device_list(context, &list);
  if (count < 0) fail(static_cast<int>(count), "USB: listing devices");
  Handle handle;
  int code = LIBUSB_ERROR_NOT_FOUND;
  for (libusb_device** device = list; *device != nullptr && !handle; ++device) {
    libusb_device_descriptor descriptor{};
    if (libusb_get_device_descriptor(*device, &descriptor) != LIBUSB_SUCCESS) continue;
    if (descriptor.idVendor != address.vendor || descriptor.idProduct != address.product) continue;
    if (address.bus && libusb_get_bus_number(*device) != *address.bus) continue;
    if (address.device && libusb_get_device_address(*device) != *address.device) continue;
    libusb_device_handle* opened = nullptr;
    code = libusb_open(*device, &opened);
    handle.reset(opened);
  }
  libusb_free_device_list(list, 1);
  if (!handle) fail(code, "USB: opening the reader");
  return handle;
}

Pipes find_pipes(libusb_device_handle* handle, std::uint8_t number) {
  libusb_config_descriptor* raw = nullptr;
  const int code = libusb_get_active_config_descriptor(libusb_get_device(handle), &raw);
  if (code != LIBUSB_SUCCESS) fail(code, "USB: descriptors");
  const std::unique_ptr<libusb_config_descriptor, ConfigDeleter> config(raw);
  Pipes pipes;
  if (number >= config->bNumInterfaces || config->interface[number].num_altsetting < 1)
    throw Error(Errc::NoReader, "USB: the reader has no such interface");
  const libusb_interface_descriptor& interface = config->interface[number].altsetting[0];
  for (int index = 0; index < interface.bNumEndpoints; ++index) {
    const libusb_endpoint_descriptor& endpoint = interface.endpoint[index];
    const bool in = (endpoint.bEndpointAddress & LIBUSB_ENDPOINT_DIR_MASK) == LIBUSB_ENDPOINT_IN;
    const int type = endpoint.bmAttributes & LIBUSB_TRANSFER_TYPE_MASK;
    if (type == LIBUSB_TRANSFER_TYPE_BULK) (in ? pipes.in : pipes.out) = endpoint.bEndpointAddress;
    if (type == LIBUSB_TRANSFER_TYPE_INTERRUPT && in) pipes.notify = endpoint.bEndpointAddress;
  }
  if (pipes.out == 0 || pipes.in == 0 || pipes.notify == 0)
    throw Error(Errc::NoReader, "USB: the device lacks a pipe that such a reader has");
  return pipes;
}

} // namespace

std::unique_ptr<Transport> open_usb(const UsbAddress& address) {
  libusb_context* raw = nullptr;
  int code = libusb_init(&raw);
  if (code != LIBUSB_SUCCESS) fail(code, "USB: starting");
  Context context(raw);
  Handle handle = open_device(context.get(), address);
  const Pipes pipes = find_pipes(handle.get(), address.interface);
  libusb_set_auto_detach_kernel_driver(handle.get(), 1);
  code = libusb_claim_interface(handle.get(), address.interface);
  if (code != LIBUSB_SUCCESS) fail(code, "USB: claiming the reader");
  return std::make_unique<UsbTransport>(std::move(context), std::move(handle), address.interface, pipes);
}

} // namespace twcard::ifd
