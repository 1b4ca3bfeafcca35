#include "simulator/usb/redirection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>
#include <usbredirparser.h>

namespace twcard::simulator {

namespace {

constexpr std::uint8_t get_descriptor = 0x06;
constexpr std::uint8_t get_status = 0x00;
constexpr std::uint8_t to_host = 0x80;
constexpr std::uint8_t kind_of_request = 0x60; // standard, class, vendor

std::size_t endpoint_index(std::uint8_t endpoint) {
  return ((endpoint & 0x80U) >> 3) | (endpoint & 0x0FU);
}

} // namespace

// What the parser calls; `self` is the Redirection.
struct Redirection::Callbacks {
  static Redirection& of(void* self) { return *static_cast<Redirection*>(self); }

  static void log(void*, int, const char*) {}

  static int read(void* self, std::uint8_t* data, int count) {
    const auto got = ::recv(of(self).m_socket.get(), data, static_cast<std::size_t>(count), MSG_DONTWAIT);
    if (got > 0) return static_cast<int>(got);
    return got < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
  }

  static int write(void* self, std::uint8_t* data, int count) {
    const auto sent =
        ::send(of(self).m_socket.get(), data, static_cast<std::size_t>(count), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0) return static_cast<int>(sent);
    return errno == EAGAIN || errno == EINTR ? 0 : -1;
  }

  static void hello(void* self, usb_redir_hello_header*) {
    of(self).m_greeted = true;
    if (of(self).m_plugged) of(self).connect_device();
  }

  static void reset(void* self) {
    of(self).m_waiting.clear();
    of(self).m_answers.clear();
  }

  static void set_configuration(void* self, std::uint64_t id, usb_redir_set_configuration_header* header) {
    usb_redir_configuration_status_header status{.status = usb_redir_success, .configuration = header->configuration};
    usbredirparser_send_configuration_status(of(self).m_parser, id, &status);
  }

  static void get_configuration(void* self, std::uint64_t id) {
    usb_redir_configuration_status_header status{.status = usb_redir_success, .configuration = 1};
    usbredirparser_send_configuration_status(of(self).m_parser, id, &status);
  }

  static void set_alternate(void* self, std::uint64_t id, usb_redir_set_alt_setting_header* header) {
    usb_redir_alt_setting_status_header status{
        .status = usb_redir_success, .interface = header->interface, .alt = header->alt};
    usbredirparser_send_alt_setting_status(of(self).m_parser, id, &status);
  }

  static void get_alternate(void* self, std::uint64_t id, usb_redir_get_alt_setting_header* header) {
    usb_redir_alt_setting_status_header status{.status = usb_redir_success, .interface = header->interface, .alt = 0};
    usbredirparser_send_alt_setting_status(of(self).m_parser, id, &status);
  }

  static void start_interrupt(void* self, std::uint64_t id, usb_redir_start_interrupt_receiving_header* header) {
    usb_redir_interrupt_receiving_status_header status{.status = usb_redir_success, .endpoint = header->endpoint};
    usbredirparser_send_interrupt_receiving_status(of(self).m_parser, id, &status);
    of(self).m_listening = true;
    of(self).notify();
  }

  static void stop_interrupt(void* self, std::uint64_t id, usb_redir_stop_interrupt_receiving_header* header) {
    usb_redir_interrupt_receiving_status_header status{.status = usb_redir_success, .endpoint = header->endpoint};
    usbredirparser_send_interrupt_receiving_status(of(self).m_parser, id, &status);
    of(self).m_listening = false;
  }

  static void cancel(void* self, std::uint64_t id) {
    auto& waiting = of(self).m_waiting;
    const auto found = std::find_if(waiting.begin(), waiting.end(), [id](const auto& one) { return one.first == id; });
    if (found == waiting.end()) return;
    waiting.erase(found);
    usb_redir_bulk_packet_header header{
        .endpoint = bulk_in_endpoint, .status = usb_redir_cancelled, .length = 0, .stream_id = 0, .length_high = 0};
    usbredirparser_send_bulk_packet(of(self).m_parser, id, &header, nullptr, 0);
  }

  static void control(void* self, std::uint64_t id, usb_redir_control_packet_header* header, std::uint8_t* data, int) {
    usbredirparser_free_packet_data(of(self).m_parser, data);
    const UsbReader& reader = of(self).m_reader;
    Bytes answer;
    bool known = (header->requesttype & kind_of_request) == 0;
    if (known && (header->requesttype & to_host) != 0) {
      if (header->request == get_descriptor) {
        const auto index = static_cast<std::uint8_t>(header->value & 0xFF);
        switch (header->value >> 8) {
        case 1: answer = device_descriptor(reader.kind()); break;
        case 2: answer = configuration_descriptor(reader.kind()); break;
        case 3: answer = string_descriptor(reader.kind(), index); break;
        default: break;
        }
        known = !answer.empty();
      } else if (header->request == get_status) {
        answer = {0, 0};
      } else {
        known = false;
      }
    }
    if (answer.size() > header->length) answer.resize(header->length);
    usb_redir_control_packet_header reply = *header;
    reply.status = known ? usb_redir_success : usb_redir_stall;
    reply.length = static_cast<std::uint16_t>(answer.size());
    usbredirparser_send_control_packet(of(self).m_parser, id, &reply, answer.data(), static_cast<int>(answer.size()));
  }

  static void bulk(void* self, std::uint64_t id, usb_redir_bulk_packet_header* header, std::uint8_t* data, int size) {
    const Bytes octets(data, data + size);
    usbredirparser_free_packet_data(of(self).m_parser, data);
    if (header->endpoint == bulk_in_endpoint) {
      of(self).m_waiting.emplace_back(id, (std::uint32_t{header->length_high} << 16) | header->length);
      of(self).answer_waiting();
    } else {
      of(self).take_bulk_out(id, header->endpoint, octets);
    }
  }
};

Redirection::Redirection(UsbReader& reader, int socket, bool plugged)
    : m_reader(reader), m_socket(socket), m_parser(usbredirparser_create()), m_plugged(plugged) {
  if (m_parser == nullptr) throw std::bad_alloc();
  m_parser->priv = this;
  m_parser->log_func = Callbacks::log;
  m_parser->read_func = Callbacks::read;
  m_parser->write_func = Callbacks::write;
  m_parser->hello_func = Callbacks::hello;
  m_parser->reset_func = Callbacks::reset;
  m_parser->set_configuration_func = Callbacks::set_configuration;
  m_parser->get_configuration_func = Callbacks::get_configuration;
  m_parser->set_alt_setting_func = Callbacks::set_alternate;
  m_parser->get_alt_setting_func = Callbacks::get_alternate;
  m_parser->start_interrupt_receiving_func = Callbacks::start_interrupt;
  m_parser->stop_interrupt_receiving_func = Callbacks::stop_interrupt;
  m_parser->cancel_data_packet_func = Callbacks::cancel;
  m_parser->control_packet_func = Callbacks::control;
  m_parser->bulk_packet_func = Callbacks::bulk;
  std::array<std::uint32_t, USB_REDIR_CAPS_SIZE> caps{};
  usbredirparser_caps_set_cap(caps.data(), usb_redir_cap_connect_device_version);
  usbredirparser_caps_set_cap(caps.data(), usb_redir_cap_ep_info_max_packet_size);
  usbredirparser_caps_set_cap(caps.data(), usb_redir_cap_64bits_ids);
  usbredirparser_caps_set_cap(caps.data(), usb_redir_cap_32bits_bulk_length);
  usbredirparser_init(m_parser, "twcard-sim", caps.data(), USB_REDIR_CAPS_SIZE, usbredirparser_fl_usb_host);
}

Redirection::~Redirection() {
  usbredirparser_destroy(m_parser);
}

bool Redirection::wants_to_write() const {
  return usbredirparser_has_data_to_write(m_parser) > 0;
}

bool Redirection::serve() {
  if (usbredirparser_do_read(m_parser) == usbredirparser_read_io_error) return false;
  return !wants_to_write() || usbredirparser_do_write(m_parser) == 0;
}

void Redirection::connect_device() {
  const ReaderKind& kind = m_reader.kind();
  usb_redir_interface_info_header interfaces{};
  interfaces.interface_count = 1;
  interfaces.interface_class[0] = kind.interface_class;
  usbredirparser_send_interface_info(m_parser, &interfaces);

  usb_redir_ep_info_header endpoints{};
  std::fill(std::begin(endpoints.type), std::end(endpoints.type), std::uint8_t{usb_redir_type_invalid});
  const auto describe = [&endpoints](std::uint8_t endpoint, std::uint8_t type, std::uint16_t size) {
    endpoints.type[endpoint_index(endpoint)] = type;
    endpoints.max_packet_size[endpoint_index(endpoint)] = size;
  };
  describe(0x00, usb_redir_type_control, 64);
  describe(0x80, usb_redir_type_control, 64);
  describe(bulk_out_endpoint, usb_redir_type_bulk, 64);
  describe(bulk_in_endpoint, usb_redir_type_bulk, 64);
  describe(interrupt_endpoint, usb_redir_type_interrupt, 8);
  endpoints.interval[endpoint_index(interrupt_endpoint)] = 16;
  usbredirparser_send_ep_info(m_parser, &endpoints);

  usb_redir_device_connect_header device{};
  device.speed = usb_redir_speed_full;
  device.vendor_id = kind.vendor;
  device.product_id = kind.product;
  device.device_version_bcd = 0x0100;
  usbredirparser_send_device_connect(m_parser, &device);
  m_visible = true;
}

void Redirection::plug() {
  m_plugged = true;
  if (m_greeted && !m_visible) connect_device();
}

void Redirection::unplug() {
  m_plugged = false;
  m_listening = false;
  m_waiting.clear();
  m_answers.clear();
  if (std::exchange(m_visible, false)) usbredirparser_send_device_disconnect(m_parser);
}

void Redirection::notify() {
  if (!m_listening) return;
  auto octets = m_reader.take_notification();
  if (!octets) return;
  usb_redir_interrupt_packet_header header{.endpoint = interrupt_endpoint,
                                           .status = usb_redir_success,
                                           .length = static_cast<std::uint16_t>(octets->size())};
  usbredirparser_send_interrupt_packet(m_parser, 0, &header, octets->data(), static_cast<int>(octets->size()));
}

void Redirection::take_bulk_out(std::uint64_t id, std::uint8_t endpoint, const Bytes& octets) {
  if (m_transfers_left > 0 && --m_transfers_left == 0) {
    unplug();
    return;
  }
  if (auto answer = m_reader.answer(octets)) m_answers.push_back(std::move(*answer));
  usb_redir_bulk_packet_header header{.endpoint = endpoint,
                                      .status = usb_redir_success,
                                      .length = static_cast<std::uint16_t>(octets.size()),
                                      .stream_id = 0,
                                      .length_high = 0};
  usbredirparser_send_bulk_packet(m_parser, id, &header, nullptr, 0);
  answer_waiting();
}

void Redirection::answer_waiting() {
  while (!m_waiting.empty() && !m_answers.empty()) {
    const auto [id, room] = m_waiting.front();
    m_waiting.pop_front();
    Bytes answer = std::move(m_answers.front());
    m_answers.pop_front();
    const bool fits = answer.size() <= room;
    if (!fits) answer.resize(room);
    usb_redir_bulk_packet_header header{.endpoint = bulk_in_endpoint,
                                        .status =
                                            static_cast<std::uint8_t>(fits ? usb_redir_success : usb_redir_babble),
                                        .length = static_cast<std::uint16_t>(answer.size()),
                                        .stream_id = 0,
                                        .length_high = 0};
    usbredirparser_send_bulk_packet(m_parser, id, &header, answer.data(), static_cast<int>(answer.size()));
  }
}

} // namespace twcard::simulator
