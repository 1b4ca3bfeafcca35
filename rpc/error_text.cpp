#include "rpc/error_text.hpp"

#include <fmt/format.h>

namespace twcard::rpc {

namespace {

struct Texts {
  std::string_view english;
  std::string_view chinese;
};

std::string pin_incorrect(std::optional<int> tries_left, Language language) {
  const bool chinese = language == Language::TraditionalChinese;
  if (!tries_left)
    return chinese ? "PIN 碼不正確。請確認後再試；連續輸入錯誤會鎖住卡片。"
                   : "The PIN is wrong. Check it and try again; too many wrong tries lock the card.";
  if (*tries_left == 1)
    return chinese ? "PIN 碼不正確，只剩最後 1 次機會。若不確定 PIN 碼，請先不要再試，以免卡片被鎖住。"
                   : "The PIN is wrong, and one try is left. If you are not sure of the PIN, stop here: one more wrong "
                     "try locks the card.";
  return chinese ? fmt::format("PIN 碼不正確，還可以再試 {} 次。", *tries_left)
                 : fmt::format("The PIN is wrong. {} tries are left.", *tries_left);
}

// What makes an NHI card refuse the insurer's site (docs/nhi-authentication.md).
constexpr Texts site_not_believed = {
    "The card did not accept the health insurance's authentication site. Insert the card again and try again; if that "
    "does not help, ask the National Health Insurance Administration.",
    "卡片未接受健保認證主機的驗證。請重新插入卡片後再試；若仍無法使用，請洽中央健康保險署。"};

Texts texts_of(Errc code) {
  switch (code) {
  case Errc::PinIncorrect: return {}; // pin_incorrect() above
  case Errc::PinBlocked:
    return {"The card is locked after too many wrong PINs. Have it unlocked by the office that issued it.",
            "PIN 碼輸入錯誤次數過多，卡片已鎖住。請向發卡機關辦理解鎖。"};
  case Errc::PinLength:
    return {"The PIN does not have the length that this card takes. It was not sent to the card; enter it again.",
            "PIN 碼的長度不符合這張卡片的規定，並未送到卡片。請重新輸入。"};
  case Errc::PinRequired:
    return {"The card asks for its PIN first. Try again and enter the PIN.",
            "卡片要求先驗證 PIN 碼。請重試並輸入 PIN 碼。"};
  case Errc::PinLastTry:
    return {"Only one PIN try is left, so the PIN was not sent to the card. Try again and confirm it in the prompt, if "
            "you are sure of the PIN.",
            "只剩最後 1 次輸入 PIN 碼的機會，因此 PIN 碼並未送到卡片。若您確定 PIN 碼正確，請重試並在詢問視窗中確認。"};
  case Errc::Cancelled:
    return {"You closed the prompt, so nothing was done. Start again when you are ready.",
            "您已關閉詢問視窗，因此沒有執行任何動作。需要時請重新操作。"};
  case Errc::NoCard:
    return {"There is no card that fits in the reader. Insert the card and try again.",
            "讀卡機裡沒有適用的卡片。請插入卡片後再試。"};
  case Errc::CardRemoved:
    return {"The card was pulled out too early. Insert it again and leave it in until the end.",
            "卡片太早被拔出。請重新插入卡片，完成之前不要拔出。"};
  case Errc::CardReset:
    return {"Another program is using the card. Close it, or wait a moment, and try again.",
            "另一個程式正在使用這張卡片。請關閉該程式或稍候再試。"};
  case Errc::SeveralCards:
    return {"Several cards fit. Leave only the one that you want to use, or name its reader.",
            "有一張以上適用的卡片。請只留下要使用的那一張，或指定讀卡機。"};
  case Errc::NoReader:
    return {"No card reader was found. Connect a reader and try again.", "找不到讀卡機。請接上讀卡機後再試。"};
  case Errc::NoPcsc:
    return {"The smart-card service of this computer (pcscd) is not running. Start it, for example with: systemctl "
            "start pcscd.socket",
            "這台電腦的智慧卡服務（pcscd）沒有在執行。請啟動它，例如執行：systemctl start pcscd.socket"};
  case Errc::UnsupportedCard:
    return {"twcard does not know this card, the card cannot do what was asked, or it is in the reader the wrong way "
            "round. Check the card.",
            "twcard 不認得這張卡片、這張卡片不支援此操作，或是卡片插反了。請檢查卡片。"};
  case Errc::BadCardData:
    return {"The card's data make no sense. Clean the contacts and insert the card again; if that does not help, ask "
            "the office that issued it.",
            "卡片的資料不正確。請清潔晶片接點後重新插入；若仍無法使用，請洽發卡機關。"};
  case Errc::CardRefused:
    return {"The card refused the operation. Insert it again and retry; if that does not help, this card cannot do it.",
            "卡片拒絕執行這項操作。請重新插入卡片再試；若仍不行，表示這張卡片不支援此操作。"};
  case Errc::ProfileMissing:
    return {"This computer has no card profile for this card, so it cannot be logged in to. Install the profile in "
            "/etc/twcard/profiles.d.",
            "這台電腦沒有這張卡片的設定檔，因此無法登入卡片。請將設定檔安裝到 /etc/twcard/profiles.d。"};
  case Errc::SignatureMismatch:
    return {"The signature that the card made does not fit its certificate, so it was not released. Try again; if it "
            "happens again, do not use this card.",
            "卡片產生的簽章與憑證不符，因此沒有送出。請再試一次；若再次發生，請停止使用這張卡片。"};
  case Errc::OriginDenied:
    return {"This site is not allowed to use cards here.", "這個網站不被允許使用這台電腦的卡片。"};
  case Errc::ConsentDenied: return {"You refused, so nothing left the card.", "您選擇不同意，卡片的資料沒有送出。"};
  case Errc::PromptUnavailable:
    return {"There is no way to ask you for consent or the PIN. Install a pinentry program (for example "
            "pinentry-gnome3) and make sure that twcard-prompt is running.",
            "無法顯示同意或 PIN 碼的詢問視窗。請安裝 pinentry 程式（例如 pinentry-gnome3），並確認 twcard-prompt "
            "已在執行。"};
  case Errc::SiteUnreachable:
    return {"The health insurance's authentication site cannot be reached. Check the network connection and try again.",
            "無法連線到健保認證主機。請檢查網路連線後再試。"};
  case Errc::SiteFailed:
    return {"The health insurance's authentication site did not accept the card, or did not answer as it should. Try "
            "again later; if that does not help, ask the National Health Insurance Administration.",
            "健保認證主機未接受這張卡片，或回應不正確。請稍後再試；若仍無法使用，請洽中央健康保險署。"};
  case Errc::ServiceUnavailable:
    return {"The card service (twcardd) cannot be reached. Start it, for example with: systemctl --user start "
            "twcardd.socket",
            "無法連線到卡片服務（twcardd）。請啟動它，例如執行：systemctl --user start twcardd.socket"};
  case Errc::Timeout:
    return {"It took too long, so it was given up. Try again.", "等候時間過長，操作已中止。請再試一次。"};
  case Errc::BadRequest:
    return {"The program that asked made a mistake in its request. Tell its makers.",
            "提出要求的程式送來的內容有誤。請通知該程式的開發者。"};
  case Errc::Internal:
    return {"Something went wrong inside twcard. Try again; if it happens again, report it with the log.",
            "twcard 發生內部錯誤。請再試一次；若再次發生，請附上記錄回報。"};
  }
  return {};
}

} // namespace

Language language_of(std::string_view tag) {
  if (!tag.starts_with("zh")) return Language::English;
  return tag.size() == 2 || tag[2] == '-' || tag[2] == '_' || tag[2] == '.' ? Language::TraditionalChinese
                                                                            : Language::English;
}

std::string text_of(const Error& error, Language language) {
  if (error.code() == Errc::PinIncorrect) return pin_incorrect(error.tries_left(), language);
  const bool of_site = error.code() == Errc::CardRefused && error.step() == "card_answer";
  const auto texts = of_site ? site_not_believed : texts_of(error.code());
  return std::string(language == Language::TraditionalChinese ? texts.chinese : texts.english);
}

boost::json::object to_json(const Error& error) {
  boost::json::object object{
      {"code", name_of(error.code())},
      {"message",
       {{"en", text_of(error, Language::English)}, {"zh-TW", text_of(error, Language::TraditionalChinese)}}}};
  if (error.tries_left()) object["tries_left"] = *error.tries_left();
  if (!error.step().empty()) object["step"] = error.step();
  if (*error.what() != '\0') object["detail"] = error.what();
  return object;
}

} // namespace twcard::rpc
