#include "daemon/prompt/wording.hpp"

#include "daemon/prompt/safe_text.hpp"
#include "rpc/card_name.hpp"

#include <fmt/format.h>

namespace twcard::prompt {

namespace {

using rpc::Language;

constexpr std::size_t max_shown_path = 120;
constexpr std::size_t max_shown_reader = 64;
constexpr std::size_t max_shown_name = 32;
constexpr std::size_t max_shown_owner = 96;

// A sentence in both languages.
struct Text {
  const char* english;
  const char* chinese;
  [[nodiscard]] const char* in(Language language) const {
    return language == Language::TraditionalChinese ? chinese : english;
  }
};

Text consent_headline(Operation operation, bool web) {
  switch (operation) {
  case Operation::NhiRead:
    return web ? Text{"A web site asks to read your NHI card:", "網站要求讀取您的健保卡："}
               : Text{"A program on this computer asks to read your NHI card:", "這台電腦上的程式要求讀取您的健保卡："};
  case Operation::NhiAuthenticate:
    return web ? Text{"A web site asks you to log in with your NHI card:", "網站要求您使用健保卡登入："}
               : Text{"A program on this computer asks you to log in with your NHI card:",
                      "這台電腦上的程式要求您使用健保卡登入："};
  case Operation::Certificates:
    return web ? Text{"A web site asks for the certificates on your card:", "網站要求取得您卡片中的憑證："}
               : Text{"A program on this computer asks for the certificates on your card:",
                      "這台電腦上的程式要求取得您卡片中的憑證："};
  case Operation::Authenticate:
    return web ? Text{"A web site asks you to log in with your card:", "網站要求您使用卡片登入："}
               : Text{"A program on this computer asks you to log in with your card:",
                      "這台電腦上的程式要求您使用卡片登入："};
  case Operation::Sign:
    return web ? Text{"A web site asks you to sign with your card:", "網站要求您使用卡片進行數位簽章："}
               : Text{"A program on this computer asks you to sign with your card:",
                      "這台電腦上的程式要求您使用卡片進行數位簽章："};
  case Operation::Login:
    return web ? Text{"A web site asks to use the keys of your card:", "網站要求使用您卡片中的金鑰："}
               : Text{"A program on this computer asks to use the keys of your card:",
                      "這台電腦上的程式要求使用您卡片中的金鑰："};
  case Operation::LegacyNhiRead:
    return {"Your NHI card is to be read over an old interface, for:", "透過舊式介面，下列網站要求讀取您的健保卡："};
  case Operation::LegacyNhiSign:
    return {"You are asked to log in with your NHI card over an old interface, by:",
            "透過舊式介面，下列網站要求您使用健保卡登入："};
  case Operation::LegacyTokens:
    return {"Your cards are to be listed over an old interface, for:", "透過舊式介面，下列網站要求列出您的卡片："};
  case Operation::LegacySign:
    return {"You are asked to sign over an old interface, by:", "透過舊式介面，下列網站要求您進行數位簽章："};
  case Operation::LegacyDecrypt:
    return {"Your card is to decrypt something over an old interface, for:",
            "透過舊式介面，下列網站要求使用您的卡片解密："};
  }
  return {"", ""};
}

Text always_headline(Operation operation) {
  if (operation == Operation::Certificates)
    return {"May this site read the certificates on your card without asking, from now on?",
            "今後這個網站讀取您卡片中的憑證時，是否不再詢問？"};
  if (operation == Operation::LegacyTokens)
    return {"May this site list your cards over an old interface without asking, from now on?",
            "今後這個網站透過舊式介面列出您的卡片時，是否不再詢問？"};
  if (operation == Operation::LegacyNhiRead)
    return {"May this site read your NHI card over an old interface without asking, from now on?",
            "今後這個網站透過舊式介面讀取您的健保卡時，是否不再詢問？"};
  return {"May this site read your NHI card without asking, from now on?",
          "今後這個網站讀取您的健保卡時，是否不再詢問？"};
}

Text pin_headline(Operation operation) {
  switch (operation) {
  case Operation::NhiRead:
  case Operation::LegacyNhiRead:
    return {"Enter the PIN of your {} to have it read by:", "請輸入{}的 PIN 碼，以提供資料給："};
  case Operation::Certificates:
  case Operation::LegacyTokens:
    return {"Enter the PIN of your {} to give its certificates to:", "請輸入{}的 PIN 碼，以提供憑證給："};
  case Operation::Authenticate:
  case Operation::NhiAuthenticate:
  case Operation::LegacyNhiSign: return {"Enter the PIN of your {} to log in to:", "請輸入{}的 PIN 碼，以登入："};
  case Operation::Sign:
  case Operation::LegacySign: return {"Enter the PIN of your {} to sign for:", "請輸入{}的 PIN 碼，簽章要求來自："};
  case Operation::LegacyDecrypt:
    return {"Enter the PIN of your {} to decrypt for:", "請輸入{}的 PIN 碼，解密要求來自："};
  case Operation::Login:
    return {"Enter the PIN of your {} to let it sign and decrypt until it logs out or ends, for:",
            "請輸入{}的 PIN 碼。在登出或結束之前，下列程式可使用您的金鑰簽章與解密："};
  }
  return {"", ""};
}

Text text_of(NhiField field) {
  return {description_of(field, Language::English).data(), description_of(field, Language::TraditionalChinese).data()};
}

std::string_view name_of(const std::optional<CardPlace>& card, Language language) {
  return card ? rpc::card_name(card->kind, card->holder, language) : rpc::card_name({}, {}, language);
}

std::string caller_lines(const Caller& caller, Language language) {
  if (caller.origin) return *caller.origin;
  const Text process = {"(process {})", "（處理程序 {}）"};
  return safe_text(caller.program, max_shown_path) + "\n" + fmt::format(fmt::runtime(process.in(language)), caller.pid);
}

std::string list_of(const std::vector<Text>& items, Language language) {
  std::string lines;
  for (const auto& item : items) lines += fmt::format("\n• {}", item.in(language));
  return lines;
}

// What a certificate of a citizen card says about its holder: docs/cards/citizen.md.
std::vector<Text> certificate_contents() {
  return {{"your name", "您的姓名"},
          {"the serial number of the certificate", "憑證序號"},
          {"the last four characters of your national ID number", "身分證字號後四碼"}};
}

std::vector<Text> field_names(const std::vector<NhiField>& fields) {
  std::vector<Text> names;
  for (const auto field : fields) names.push_back(text_of(field));
  return names;
}

// Two octets a group, eight groups a line: what people can compare with another screen.
std::string hash_lines(ByteView hash) {
  std::string lines;
  for (std::size_t i = 0; i < hash.size(); i += 2) {
    lines += i % 16 == 0 ? '\n' : ' ';
    lines += to_hex(hash.subspan(i, std::min<std::size_t>(2, hash.size() - i)));
  }
  return lines;
}

constexpr Text receives = {"If you allow it, it receives:", "同意後，對方會取得："};

// docs/service-protocol.md, "Old local protocols".
std::vector<Text> legacy_nhi_contents() {
  auto items = field_names({NhiField::CardNumber, NhiField::Name, NhiField::IdNumber, NhiField::BirthDate,
                            NhiField::Sex, NhiField::Termination});
  items.push_back({"a password that you type there, encrypted", "您在網頁輸入並經加密的密碼"});
  return items;
}

std::vector<Text> legacy_token_contents() {
  auto items = certificate_contents();
  items.push_back({"the card's number", "卡片號碼"});
  items.push_back({"the names of your card readers", "讀卡機名稱"});
  return items;
}

std::string what_leaves(const ConsentRequest& request, Language language) {
  switch (request.operation) {
  case Operation::NhiRead: return receives.in(language) + list_of(field_names(request.fields), language);
  case Operation::LegacyNhiRead: return receives.in(language) + list_of(legacy_nhi_contents(), language);
  case Operation::LegacyTokens: return receives.in(language) + list_of(legacy_token_contents(), language);
  case Operation::NhiAuthenticate:
  case Operation::LegacyNhiSign:
    return Text{"The card is checked by the health insurance's authentication site.\n\nIf you allow it, it receives:",
                "卡片會經由健保認證主機驗證。\n\n同意後，對方會取得："}
               .in(language) +
           list_of({text_of(NhiField::CardNumber),
                    {"the authentication site's signature that your card is in the reader",
                     "健保認證主機對「您的卡片在讀卡機中」的簽章"}},
                   language);
  case Operation::Certificates:
    return Text{"If you allow it, it receives the certificates on the card, which contain:",
                "同意後，對方會取得卡片中的憑證，其內容包含："}
               .in(language) +
           list_of(certificate_contents(), language);
  case Operation::Authenticate:
    return Text{"If you allow it, it receives your signature certificate, which contains:",
                "同意後，對方會取得您的簽章憑證，其內容包含："}
               .in(language) +
           list_of(certificate_contents(), language);
  case Operation::Sign: {
    const Text text = {"The document itself is not seen here. A digital signature can bind you in law: sign only what "
                       "you know.\n\nIf you allow it, it receives your signature of this hash ({}):",
                       "這裡無法顯示文件內容。數位簽章可能具有法律效力，請確認內容後再簽署。\n\n"
                       "同意後，對方會取得您對下列雜湊值（{}）的簽章："};
    return fmt::format(fmt::runtime(text.in(language)), safe_text(request.hash_function, max_shown_name)) +
           hash_lines(request.hash);
  }
  case Operation::LegacySign: {
    const Text text = {"The document is not seen here; a digital signature can bind you in law.\n\n"
                       "If you allow it, it receives your certificate, the card's number and your signature of this "
                       "hash ({}):",
                       "這裡無法顯示文件內容；數位簽章可能具有法律效力。\n\n"
                       "同意後，對方會取得您的憑證、卡片號碼，以及您對下列雜湊值（{}）的簽章："};
    return fmt::format(fmt::runtime(text.in(language)), safe_text(request.hash_function, max_shown_name)) +
           hash_lines(request.hash);
  }
  case Operation::LegacyDecrypt:
    return Text{"If you allow it, it receives your certificate and what it has sent, decrypted with your card's key.",
                "同意後，對方會取得您的憑證，以及其所送內容經您的卡片金鑰解密後的結果。"}
        .in(language);
  case Operation::Login:
    return Text{"If you allow it, it can sign and decrypt with your card until it logs out or ends.",
                "同意後，對方在登出或結束之前可使用您的卡片簽章與解密。"}
        .in(language);
  }
  return {};
}

// Empty when no card is known yet.
std::string card_line(const std::optional<CardPlace>& card, Language language) {
  if (!card || card->reader.empty()) return {};
  const Text text = {"\n\nReader: {}", "\n\n讀卡機：{}"};
  return fmt::format(fmt::runtime(text.in(language)), safe_text(card->reader, max_shown_reader));
}

std::string length_text(const PinRequest& request, Language language) {
  if (request.min_length == request.max_length) {
    const Text text = {"The PIN has {} characters.", "PIN 碼長度為 {} 個字元。"};
    return fmt::format(fmt::runtime(text.in(language)), request.min_length);
  }
  const Text text = {"The PIN has {} to {} characters.", "PIN 碼長度為 {} 至 {} 個字元。"};
  return fmt::format(fmt::runtime(text.in(language)), request.min_length, request.max_length);
}

std::string tries_text(std::optional<int> tries_left, Language language) {
  if (!tries_left) return Text{"How many tries are left is not known.", "無法得知剩餘的嘗試次數。"}.in(language);
  if (*tries_left == 0)
    return Text{"The card was locked when it was last used here; the office that issued it unlocks it.",
                "這張卡片上次在此使用時已被鎖定，須由發卡機關解鎖。"}
        .in(language);
  if (*tries_left == 1)
    return Text{"This is the last try: a wrong PIN locks the card.", "只剩最後一次機會，若再輸入錯誤，卡片將被鎖定。"}
        .in(language);
  const Text text = {"Tries left: {}.", "剩餘嘗試次數：{} 次。"};
  return fmt::format(fmt::runtime(text.in(language)), *tries_left);
}

// Control C10.
std::string legacy_warning(Operation operation, Language language) {
  if (!is_legacy(operation)) return {};
  return Text{"\n\nWhat leaves is not bound to this site: whoever gets it could use it elsewhere.",
              "\n\n送出的內容未與此網站綁定，取得者可能用於他處。"}
      .in(language);
}

// A consent to read over an old interface holds for more than one request: docs/service-protocol.md.
std::string question_text(Operation operation, Language language) {
  if (operation == Operation::LegacyNhiRead || operation == Operation::LegacyTokens)
    return Text{"Allow it until the card is taken out or the page is left?", "是否同意，直到取出卡片或離開網頁為止？"}
        .in(language);
  return Text{"Allow it this once?", "是否同意這一次的要求？"}.in(language);
}

std::string what_it_holds_for(Operation operation, Language language) {
  const Text cards = operation == Operation::LegacyTokens
                         ? Text{"This holds for every card that is in a reader now", "適用於目前所有讀卡機中的卡片"}
                         : Text{"This holds for the card that is used now", "適用於這次使用的卡片"};
  const Text ends = {
      "{}, on this computer, until you take it back: type `twcard grants` in a terminal. It ends when it "
      "is not used for 180 days. The site can tell when such a card is in a reader.",
      "{}與這台電腦，直到您收回為止：請在終端機輸入 twcard grants。180 天未使用即失效。"
      "網站能得知這樣的卡片是否在讀卡機中。"};
  return fmt::format(fmt::runtime(ends.in(language)), cards.in(language));
}

constexpr Text refuse = {"Refuse", "拒絕"};
constexpr Text cancel = {"Cancel", "取消"};

} // namespace

Dialog consent_dialog(const ConsentRequest& request, Language language) {
  const bool web = request.caller.origin.has_value();
  Dialog dialog;
  dialog.title = Text{"twcard: your consent", "twcard：徵求您的同意"}.in(language);
  dialog.description = fmt::format("{}\n\n{}\n\n{}{}{}\n\n{}", consent_headline(request.operation, web).in(language),
                                   caller_lines(request.caller, language), what_leaves(request, language),
                                   legacy_warning(request.operation, language), card_line(request.card, language),
                                   question_text(request.operation, language));
  dialog.approve = Text{"Allow", "同意"}.in(language);
  dialog.refuse = refuse.in(language);
  dialog.cancel = cancel.in(language);
  // pinentry-tty takes the first letter of a button as its key: no two of them may have the same one.
  if (request.may_be_remembered) dialog.always = Text{"Don't ask again…", "不再詢問…"}.in(language);
  return dialog;
}

Dialog always_dialog(const ConsentRequest& request, Language language) {
  Dialog dialog;
  dialog.title = Text{"twcard: always allow?", "twcard：一律同意？"}.in(language);
  dialog.description =
      fmt::format("{}\n\n{}\n\n{}{}\n\n{}", always_headline(request.operation).in(language),
                  caller_lines(request.caller, language), what_leaves(request, language),
                  legacy_warning(request.operation, language), what_it_holds_for(request.operation, language));
  dialog.approve = Text{"Always allow", "一律同意"}.in(language);
  dialog.cancel = refuse.in(language);
  return dialog;
}

Dialog pin_dialog(const PinRequest& request, Language language) {
  Dialog dialog;
  dialog.title = Text{"twcard: PIN", "twcard：輸入 PIN 碼"}.in(language);
  dialog.description = fmt::format(
      "{}\n\n{}{}\n\n{}\n{}",
      fmt::format(fmt::runtime(pin_headline(request.operation).in(language)), name_of(request.card, language)),
      caller_lines(request.caller, language), card_line(request.card, language), length_text(request, language),
      tries_text(request.tries_left, language));
  dialog.label = Text{"PIN:", "PIN 碼："}.in(language);
  dialog.too_short_or_long = length_text(request, language);
  dialog.approve = Text{"OK", "確定"}.in(language);
  dialog.cancel = cancel.in(language);
  return dialog;
}

Dialog last_try_dialog(const LastTryRequest& request, Language language) {
  const Text text = {
      "Only one PIN try is left on your {}. A wrong PIN locks the card; then only the office that issued "
      "it can unlock it.\n\nThe PIN is to be tried for:\n{}{}\n\n{}",
      "您的{}只剩最後一次輸入 PIN 碼的機會。若再輸入錯誤，卡片將被鎖定，只有發卡機關能解鎖。\n\n"
      "要求驗證 PIN 碼的是：\n{}{}\n\n{}"};
  Dialog dialog;
  dialog.title = Text{"twcard: the last PIN try", "twcard：最後一次輸入 PIN 碼的機會"}.in(language);
  dialog.description =
      fmt::format(fmt::runtime(text.in(language)), name_of(request.card, language),
                  caller_lines(request.caller, language), card_line(request.card, language),
                  Text{"If you are not sure of the PIN, stop here.", "若不確定 PIN 碼，請先停止。"}.in(language));
  dialog.approve = Text{"Use the last try", "使用最後一次機會"}.in(language);
  dialog.refuse = Text{"Stop", "停止"}.in(language);
  dialog.cancel = cancel.in(language);
  return dialog;
}

Dialog card_dialog(const CardRequest& request, std::size_t place, Language language) {
  const auto& card = request.cards.at(place);
  const auto count = request.cards.size();
  const Text one = {"The cards have been changed. Is this the one to use for:",
                    "卡片已更換。請確認是否使用這張卡片，要求來自："};
  const Text several = {"Several cards fit. Which one is to be used for:",
                        "有多張適用的卡片。請選擇要使用的卡片，要求來自："};
  const Text number = {"Card {} of {}: {}", "第 {} 張，共 {} 張：{}"};
  const Text owner = {"\nHolder: {}", "\n持卡人：{}"};
  Dialog dialog;
  dialog.title = Text{"twcard: which card?", "twcard：選擇卡片"}.in(language);
  dialog.description =
      fmt::format("{}\n\n{}\n\n{}", (count == 1 ? one : several).in(language), caller_lines(request.caller, language),
                  fmt::format(fmt::runtime(number.in(language)), place + 1, count,
                              rpc::card_name(card.kind, card.holder, language)));
  if (!card.owner.empty())
    dialog.description += fmt::format(fmt::runtime(owner.in(language)), safe_text(card.owner, max_shown_owner));
  dialog.description += card_line(card, language);
  dialog.approve = Text{"Use this card", "使用這張卡片"}.in(language);
  if (place + 1 < count) dialog.refuse = Text{"Next card", "看下一張"}.in(language);
  dialog.cancel = cancel.in(language);
  return dialog;
}

} // namespace twcard::prompt
