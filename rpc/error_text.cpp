#include "rpc/error_text.hpp"

namespace twcard::rpc {

namespace {

namespace texts {

constexpr Text pin_incorrect{"Incorrect PIN. Check it and try again. Too many wrong PINs lock the card.",
                             "PIN 碼不正確。請確認後再試；連續輸入錯誤會使卡片鎖定。"};
constexpr TextWith<int> pin_incorrect_left{"Incorrect PIN. You have {} attempts left.",
                                           "PIN 碼不正確，還可以再試 {} 次。"};
constexpr Text pin_incorrect_one_left{
    "Incorrect PIN. You have one attempt left. If you are not sure of the PIN, stop here: another wrong PIN locks the "
    "card.",
    "PIN 碼不正確，只剩最後 1 次機會。若不確定 PIN 碼，請先停止，以免卡片遭鎖定。"};

// What makes an NHI card refuse the insurer's site (docs/nhi-authentication.md).
constexpr Text site_not_accepted{
    "The card did not accept the National Health Insurance authentication server. Remove and reinsert the card, then "
    "try "
    "again. If that does not help, contact the National Health Insurance Administration.",
    "卡片未接受健保認證主機的驗證。請重新插入卡片後再試；若仍無法使用，請洽中央健康保險署。"};

} // namespace texts

std::string pin_incorrect(std::optional<int> tries_left, Language language) {
  if (!tries_left) return std::string(texts::pin_incorrect.in(language));
  if (*tries_left == 1) return std::string(texts::pin_incorrect_one_left.in(language));
  return texts::pin_incorrect_left.in(language, *tries_left);
}

Text text_of(Errc code) {
  switch (code) {
  case Errc::PinIncorrect: return texts::pin_incorrect;
  case Errc::PinBlocked:
    return {"The card is locked after too many wrong PINs. The office that issued it can unlock it.",
            "PIN 碼輸入錯誤次數過多，卡片已鎖定。請向發卡機關辦理解鎖。"};
  case Errc::PinLength:
    return {"The PIN is too short or too long for this card, so it was not sent to the card. Enter it again.",
            "PIN 碼的長度不符合這張卡片的規定，因此沒有送到卡片。請重新輸入。"};
  case Errc::PinRequired:
    return {"The card requires its PIN first. Try again and enter the PIN.",
            "卡片要求先驗證 PIN 碼。請再試一次並輸入 PIN 碼。"};
  case Errc::PinLastTry:
    return {
        "Only one PIN attempt is left, so the PIN was not sent to the card. If you are sure of the PIN, try again "
        "and confirm it in the window that opens.",
        "只剩最後 1 次輸入 PIN 碼的機會，因此 PIN 碼沒有送到卡片。若您確定 PIN 碼正確，請再試一次並在詢問視窗中確認。"};
  case Errc::Cancelled:
    return {"You closed the window, so nothing was done. Start again when you are ready.",
            "您已關閉詢問視窗，因此未執行任何動作。需要時請重新操作。"};
  case Errc::NoCard:
    return {"There is no suitable card in the reader. Insert the card and try again.",
            "讀卡機裡沒有適用的卡片。請插入卡片後再試。"};
  case Errc::CardRemoved:
    return {"The card was removed too early. Insert it again and leave it in the reader until the operation is "
            "finished.",
            "卡片太早取出。請重新插入，完成之前不要取出。"};
  case Errc::CardReset:
    return {"Another program is using the card. Close that program, or wait a moment, and try again.",
            "另一個程式正在使用這張卡片。請關閉該程式或稍候再試。"};
  case Errc::SeveralCards:
    return {"There is more than one suitable card. Leave only the one that you want to use, or choose its reader.",
            "有多張適用的卡片。請只留下要使用的那一張，或指定讀卡機。"};
  case Errc::NoReader:
    return {"No card reader was found. Connect a reader and try again.", "找不到讀卡機。請接上讀卡機後再試。"};
  case Errc::NoPcsc:
    return {"The smart card service of this computer (pcscd) is not running. Start it, for example with: systemctl "
            "start pcscd.socket",
            "這台電腦的智慧卡服務（pcscd）未執行。請啟動它，例如執行：systemctl start pcscd.socket"};
  case Errc::UnsupportedCard:
    return {"twcard does not recognise this card, the card does not support this operation, or it was inserted the "
            "wrong way round. Check the card.",
            "twcard 無法辨識這張卡片、這張卡片不支援此操作，或是卡片插反了。請檢查卡片。"};
  case Errc::BadCardData:
    return {"The data on the card could not be read correctly. Clean the contacts and insert the card again. If that "
            "does not help, contact the office that issued it.",
            "無法正確讀取卡片的資料。請清潔晶片接點後重新插入；若仍無法使用，請洽發卡機關。"};
  case Errc::CardRefused:
    return {"The card refused the operation. Remove and reinsert the card, then try again. If that does not help, this "
            "card does not support the operation.",
            "卡片拒絕執行這項操作。請重新插入卡片再試；若仍不行，表示這張卡片不支援此操作。"};
  case Errc::ProfileMissing:
    return {"This computer has no card profile for this card, so the card cannot be used for signatures or sign-in. "
            "Install "
            "the profile in /etc/twcard/profiles.d.",
            "這台電腦沒有這張卡片的卡片設定檔，因此無法用它簽章或登入。請將設定檔安裝到 /etc/twcard/profiles.d。"};
  case Errc::SignatureMismatch:
    return {"The signature made by the card does not match its certificate, so it was not released. Remove and "
            "reinsert the card, then try again. If this happens again, do not use this card.",
            "卡片產生的簽章與其憑證不符，因此沒有送出。請重新插入卡片再試；若再次發生，請停止使用這張卡片。"};
  case Errc::OriginDenied:
    return {"This site is not allowed to use cards on this computer.", "此網站未獲准使用本機的卡片。"};
  case Errc::ConsentDenied: return {"You refused, so no data left the card.", "您選擇不同意，卡片的資料沒有送出。"};
  case Errc::PromptUnavailable:
    return {"No window could be opened to ask for your consent or the PIN. Install a pinentry program (for example "
            "pinentry-gnome3) and make sure that twcard-prompt is running.",
            "無法顯示徵求同意或輸入 PIN 碼的視窗。請安裝 pinentry 程式（例如 pinentry-gnome3），並確認 twcard-prompt "
            "已在執行。"};
  case Errc::SiteUnreachable:
    return {
        "The National Health Insurance authentication server cannot be reached. Check the network connection and try "
        "again.",
        "無法連線到健保認證主機。請檢查網路連線後再試。"};
  case Errc::SiteFailed:
    return {
        "The National Health Insurance authentication server did not accept the card, or sent an invalid reply. Try "
        "again later. If that does not help, contact the National Health Insurance Administration.",
        "健保認證主機未接受這張卡片，或回應不正確。請稍後再試；若仍無法使用，請洽中央健康保險署。"};
  case Errc::ServiceUnavailable:
    return {"The card service (twcardd) cannot be reached. Start it, for example with: systemctl --user start "
            "twcardd.socket",
            "無法連線到讀卡服務（twcardd）。請啟動它，例如執行：systemctl --user start twcardd.socket"};
  case Errc::Timeout:
    return {"The operation took too long and was stopped. Try again.", "等候時間過長，操作已中止。請再試一次。"};
  case Errc::BadRequest:
    return {"The program or page sent an invalid request. Report this to its developer.",
            "程式或網頁送出的要求有誤。請通知其開發者。"};
  case Errc::Internal:
    return {"An internal error occurred in twcard. Try again. If it happens again, report it and attach the log.",
            "twcard 發生內部錯誤。請再試一次；若再次發生，請附上記錄回報。"};
  }
  return {};
}

} // namespace

std::string text_of(const Error& error, Language language) {
  if (error.code() == Errc::PinIncorrect) return pin_incorrect(error.tries_left(), language);
  const bool of_site = error.code() == Errc::CardRefused && error.step() == "card_answer";
  return std::string((of_site ? texts::site_not_accepted : text_of(error.code())).in(language));
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
