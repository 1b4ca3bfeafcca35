// Keys and constants that differ by issuer. No vendor key is part of this project: an operator supplies them in JSON
// files; docs/card-profiles.md has the schema.
#pragma once

#include "driver/base/bytes.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace twcard::card {

// What every profile says.
struct CardProfile {
  std::string name;           // for people and errors
  std::filesystem::path file; // where it came from
  std::vector<Bytes> atrs;    // ATRs that it fits; empty: every card of its kind
};

// Profile of a generation 1 citizen certificate card (HiCOS).
struct HicosProfile : CardProfile {
  std::vector<Bytes> transport_keys; // one or two two-key 3DES keys (16 octets) that protect VERIFY, in order of trial
};

// Profile of a generation 2 citizen certificate card (GPKI applet): the keys of its secure channel.
struct GpkiProfile : CardProfile {
  struct CardKeys {
    Bytes card_id;    // 10 octets
    Bytes encryption; // AES-128, like all keys here
    Bytes mac;
  };
  std::optional<Bytes> master_key; // each card's keys follow from it and the card's ID
  std::vector<CardKeys> cards;     // or the keys of single cards
};

// Profile of the NHI card: where it is proved, and the keys of the insurer's weak protocols.
struct NhiProfile : CardProfile {
  Bytes hello_key;                  // link key 0: three-key triple DES, 24 octets
  Bytes password_key;               // link key 1, the same
  Bytes password_suffix;            // 4 octets
  std::string site_host;            // the authentication site: a name or an address
  std::uint16_t site_port;          // 1 to 65535
  bool secure_basic_prefix = false; // what old sites expect in front of SecureGetBasicWithParam's answer
};

// Which vendor's PKCS#11 library is used for cards that nothing else fits (docs/vendor.md). It has to name their ATRs.
struct VendorProfile : CardProfile {
  std::filesystem::path library; // absolute
};

// What is wrong with a profile file: the file, the line and the field, for `twcard status`, the log and the errors.
struct ProfileFault {
  std::filesystem::path file;
  std::size_t line = 0; // 1 is the first
  std::string field;    // JSON path such as "transport_keys[0]"; empty when the file is no JSON at all
  std::string text;
};

struct CardProfiles {
  std::vector<HicosProfile> hicos;
  std::vector<GpkiProfile> gpki;
  std::vector<NhiProfile> nhi;
  std::vector<VendorProfile> vendor;
  std::vector<ProfileFault> faults;

  // Reads every *.json in the folders, in the order of folders and then of names; a missing folder is an empty one.
  // A faulty file is left out and reported in `faults`; it never hides another file.
  [[nodiscard]] static CardProfiles load(const std::vector<std::filesystem::path>& folders);
  // /etc/twcard/profiles.d, then $XDG_CONFIG_HOME/twcard/profiles.d (or ~/.config/twcard/profiles.d).
  [[nodiscard]] static std::vector<std::filesystem::path> default_folders();
  // The same with vendor.d: vendors' libraries stand apart, so that who loads one never reads a key.
  [[nodiscard]] static std::vector<std::filesystem::path> default_vendor_folders();

  // The first profile that fits the ATR, or nullptr.
  [[nodiscard]] const HicosProfile* hicos_for(ByteView atr) const;
  [[nodiscard]] const GpkiProfile* gpki_for(ByteView atr) const;
  [[nodiscard]] const NhiProfile* nhi_for(ByteView atr) const;
};

} // namespace twcard::card
