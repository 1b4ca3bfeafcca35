// Readers of this machine by PC/SC (pcsclite). pcsc.cpp is the only file that includes winscard.h.
//
// list() and open() may be called from any thread; one thread at a time may be in wait_for_change(). Each wait and each
// channel has a PC/SC context of its own, so that none blocks another, and a restarted pcscd is met by new contexts:
// after NoPcsc the same object works again as soon as pcscd does.
#pragma once

#include "driver/base/error.hpp"
#include "driver/reader/reader_source.hpp"

namespace twcard::reader {

class PcscReaders final : public ReaderSource {
public:
  PcscReaders();
  ~PcscReaders() override;

  [[nodiscard]] std::vector<ReaderState> list() override;
  [[nodiscard]] std::unique_ptr<CardChannel> open(const std::string& reader) override;
  [[nodiscard]] std::optional<std::vector<ReaderState>> wait_for_change(const std::vector<ReaderState>& known) override;
  // Blocks until a wait in another thread has noticed, which takes milliseconds; a second at most, should pcscd hang.
  void cancel() noexcept override;

private:
  struct Wait;
  std::unique_ptr<Wait> m_wait;
};

// What a PC/SC return code (SCARD_E_..., SCARD_W_..., SCARD_F_..., not SCARD_S_SUCCESS) means to us.
[[nodiscard]] Errc errc_of_pcsc(long code);

} // namespace twcard::reader
