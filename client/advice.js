// What a page should say and do about each code, in both languages: a sentence, the steps that help, and what to offer.
// Sentences for codes of the service come with its answers; here are the steps that a page can add to them.
//
// do: 'allow' (the user changes the browser's setting, then tries again), 'retry' (trying again can help),
//     'administer' (somebody has to change this computer first), 'report' (the site's developers have to change the page).

const RETRY = { do: 'retry' };

const ADVICE = {
  blocked: {
    do: 'allow',
    en: {
      title: 'The browser does not let this site connect to the card service on this computer.',
      steps: [
        'Open the site\'s settings with the icon left of the address.',
        'Allow access to apps and services on this device (in some versions: to the local network).',
        'Then try again here. The site still cannot read a card until you agree in a system window.',
      ],
    },
    'zh-TW': {
      title: '瀏覽器不允許本網站連線到這台電腦的讀卡服務。',
      steps: [
        '按網址列左側的圖示，開啟本網站的設定。',
        '允許存取「這部裝置上的應用程式與服務」（部分版本稱為「區域網路」）。',
        '再回到這裡重試。在您於系統視窗同意之前，本網站仍無法讀取卡片。',
      ],
    },
  },
  dismissed: {
    do: 'retry',
    en: {
      title: 'The browser\'s question was closed without an answer.',
      steps: ['Try again, and choose "Allow" when the browser asks whether this site may connect to this computer.'],
    },
    'zh-TW': {
      title: '瀏覽器的詢問視窗未回答就關閉了。',
      steps: ['請再試一次；瀏覽器詢問是否允許本網站連線到這台電腦時，請按「允許」。'],
    },
  },
  not_running: {
    do: 'administer',
    en: {
      title: 'The card service is not running on this computer.',
      steps: [
        'If twcard is not installed on this computer, install it first.',
        'If it is, start it: systemctl --user start twcard-web.socket',
        'If this site connects by TLS (wss:), the service\'s certificate may not be trusted: run "twcard doctor".',
      ],
    },
    'zh-TW': {
      title: '這台電腦的讀卡服務未執行。',
      steps: [
        '若這台電腦尚未安裝 twcard，請先安裝。',
        '若已安裝，請啟動服務：systemctl --user start twcard-web.socket',
        '若本網站以 TLS（wss:）連線，也可能是服務的憑證未受信任，請執行「twcard doctor」檢查。',
      ],
    },
  },
  tls_not_trusted: {
    do: 'administer',
    en: {
      title: 'The browser does not trust the certificate of this computer\'s card service.',
      steps: ['Run "twcard doctor": it says which certificate the browser has to trust.', 'Then restart the browser.'],
    },
    'zh-TW': {
      title: '瀏覽器不信任這台電腦讀卡服務的憑證。',
      steps: ['請執行「twcard doctor」，查看瀏覽器需要信任哪一張憑證。', '完成後請重新啟動瀏覽器。'],
    },
  },
  page_policy: {
    do: 'report',
    en: {
      title: 'This site\'s own settings prevent the page from connecting to the card service.',
      steps: ['Nothing has to be changed on this computer. Please inform the site\'s operator.'],
    },
    'zh-TW': {
      title: '本網站的設定使網頁無法連線到讀卡服務。',
      steps: ['這台電腦不必做任何變更，請通知網站的管理者。'],
    },
  },
  origin_denied: {
    do: 'administer',
    en: {
      title: 'The card service on this computer refuses this site.',
      steps: ['If the site should be allowed, ask the administrator of this computer to remove it from the list of refused sites.'],
    },
    'zh-TW': {
      title: '這台電腦的讀卡服務拒絕本網站使用。',
      steps: ['若應該允許本網站，請這台電腦的管理者將它從拒絕名單移除。'],
    },
  },
  too_many_connections: {
    do: 'retry',
    en: {
      title: 'This site already has too many connections to the card service.',
      steps: ['Close the site\'s other tabs and try again.'],
    },
    'zh-TW': { title: '本網站與讀卡服務的連線過多。', steps: ['請關閉本網站的其他分頁後再試一次。'] },
  },
  connection_closed: {
    do: 'retry',
    en: { title: 'The connection to the card service ended.', steps: ['Please try again.'] },
    'zh-TW': { title: '與讀卡服務的連線已中斷。', steps: ['請再試一次。'] },
  },
  aborted: {
    do: 'retry',
    en: { title: 'The operation was cancelled on this page.', steps: [] },
    'zh-TW': { title: '已在本頁取消操作。', steps: [] },
  },
  not_answering: {
    do: 'administer',
    en: {
      title: 'The program at the card service\'s address does not answer.',
      steps: ['Restart the service: systemctl --user restart twcard-web.service'],
    },
    'zh-TW': {
      title: '讀卡服務的位址沒有回應。',
      steps: ['請重新啟動服務：systemctl --user restart twcard-web.service'],
    },
  },
  protocol_error: {
    do: 'report',
    en: { title: 'The card service sent an answer that this page does not understand.', steps: [] },
    'zh-TW': { title: '讀卡服務的回應無法辨識。', steps: [] },
  },
  no_card: {
    do: 'retry',
    en: { steps: ['Insert the card chip first, with the chip facing up, wait until the reader\'s light is steady, then try again.'] },
    'zh-TW': { steps: ['將卡片晶片面朝上、晶片端朝前插入，等讀卡機燈號穩定後再試一次。'] },
  },
  no_reader: {
    do: 'retry',
    en: { steps: ['Plug the reader in, if necessary into another USB port.', 'If it is plugged in, run "twcard doctor".'] },
    'zh-TW': { steps: ['接上讀卡機，必要時換另一個 USB 連接埠。', '若已接上，請執行「twcard doctor」檢查。'] },
  },
  unsupported_card: {
    do: 'retry',
    en: { steps: ['Remove the card and reinsert it chip first, with the chip facing up.'] },
    'zh-TW': { steps: ['取出卡片，將晶片面朝上、晶片端朝前，重新插入。'] },
  },
  several_cards: {
    do: 'retry',
    en: { steps: ['Remove the cards that you do not want to use, then try again.'] },
    'zh-TW': { steps: ['取出不使用的卡片後再試一次。'] },
  },
  site_unreachable: {
    do: 'retry',
    en: {
      steps: [
        'Check that this computer is connected to the network, then try again.',
        'In an office, ask the network administrator whether the card service may connect to the authentication server.',
      ],
    },
    'zh-TW': {
      steps: [
        '請確認這台電腦已連上網路，再試一次。',
        '若在辦公室，請詢問網路管理者是否允許讀卡服務連線到健保認證主機。',
      ],
    },
  },
  site_failed: {
    do: 'retry',
    en: {
      steps: [
        'Remove the NHI card, reinsert it, and try again in a few minutes.',
        'If it fails again, the authentication server may be out of service, or the card may no longer be valid.',
      ],
    },
    'zh-TW': {
      steps: ['取出健保卡後重新插入，幾分鐘後再試一次。', '若仍失敗，可能是健保認證主機暫停服務，或這張卡片已失效。'],
    },
  },
  profile_missing: {
    do: 'administer',
    en: {
      steps: [
        'This requires a card profile. Ask the administrator of this computer to install it in /etc/twcard/profiles.d.',
        'There is nothing wrong with your card.',
      ],
    },
    'zh-TW': {
      steps: [
        '這項功能需要卡片設定檔，請這台電腦的管理者將設定檔安裝到 /etc/twcard/profiles.d。',
        '您的卡片沒有問題。',
      ],
    },
  },
  pin_blocked: { do: 'administer' },
  no_pcsc: { do: 'administer' },
  prompt_unavailable: { do: 'administer' },
  service_unavailable: { do: 'administer' },
  card_refused: { do: 'administer' },
  signature_mismatch: { do: 'administer' },
  bad_request: { do: 'report' },
};

export const languageOf = (tag) => (/^zh\b/i.test(tag ?? '') ? 'zh-TW' : 'en');

// `title` is '' for codes whose sentence the service gives.
export function adviceOn(code, language) {
  const row = Object.hasOwn(ADVICE, code) ? ADVICE[code] : RETRY;
  const { title = '', steps = [] } = row[languageOf(language)] ?? {};
  return { title, steps: [...steps], do: row.do };
}
