// Every sentence of the page, in both languages. Errors of the card service and of the server bring their own.

export const texts = {
  'zh-TW': {
    title: 'twcard 示範入口',
    brand: 'twcard 示範入口',
    otherLanguage: 'English',
    eyebrow: '自然人憑證・健保卡',
    welcome: '插入卡片，安心登入',
    lead: '準備好讀卡機與自然人憑證，輸入身分證統一編號，就能登入並帶入健保卡資料，不必安裝瀏覽器元件。',
    whatHappens: '按下登入後，會依序發生三件事',
    stepAllow: '瀏覽器可能詢問是否允許本網站連線到這台電腦上的程式，請按「允許」。',
    stepAgree: '系統會跳出視窗，顯示本網站的網址與用途，請核對後再同意。',
    stepPin: '接著在系統視窗輸入自然人憑證的 PIN 碼，由卡片完成簽章。',
    neverHere: 'PIN 碼只在系統視窗輸入，不會經過這個網頁。任何網頁要求您輸入 PIN 碼時，請勿填寫。',
    loginTitle: '以自然人憑證登入',
    idNumber: '身分證統一編號',
    idNumberHint: '用來核對卡片持有人，不會傳送給卡片。',
    idNumberInvalid: '身分證統一編號不正確，請檢查後重新輸入。',
    loginButton: '以自然人憑證登入',
    stageConnect: '連線到這台電腦的讀卡服務',
    stageLogin: '請在系統視窗同意並輸入 PIN 碼',
    stageVerify: '伺服器驗證卡片的簽章',
    stageRead: '請在系統視窗同意要讀取的欄位',
    stageNhi: '請在系統視窗同意，並讓健保卡留在讀卡機中',
    nhiLoginTitle: '以健保卡與密碼登入',
    nhiLoginLead: '健保卡由健保認證主機驗證。健保卡沒有 PIN 碼，因此需要您在本網站設定的密碼。',
    password: '本網站的密碼',
    nhiLoginButton: '以健保卡登入',
    oldPage: '改用舊元件的登入網頁',
    passwordTooShort: '密碼至少 8 個字元，請檢查後重新輸入。',
    accountTitle: '啟用健保卡登入',
    accountLead: '設定密碼並插入健保卡，之後就能以健保卡與密碼登入。已啟用者，會換成新的密碼。',
    newPassword: '設定本網站的密碼',
    newPasswordHint: '8 至 64 個字元。若要使用舊元件的網頁，請勿超過 12 個字元，也不要有空白。',
    accountButton: '啟用健保卡登入',
    accountOpened: '已啟用，下次可以健保卡與密碼登入。',
    permissionHint: '還在等待瀏覽器。若出現詢問視窗，請按「允許」。',
    nowAllowed: '瀏覽器現在允許連線了，請再按一次。',
    reference: (code) => `代碼：${code}`,
    cancel: '取消',
    signedIn: '已登入',
    serialNumber: '憑證持有人序號',
    simulated: '模擬卡片',
    logout: '登出',
    nhiTitle: '讀取健保卡資料',
    nhiLead: '請將健保卡插入讀卡機，經您同意後，卡片上的基本資料會帶入下方表單。',
    nhiRead: '讀取健保卡',
    nhiDone: '已帶入健保卡資料，請核對後送出。',
    cardNumber: '健保卡卡號',
    name: '姓名',
    nameUncertain: '姓名含有罕用字，請核對是否正確。',
    sex: '性別',
    choose: '請選擇',
    female: '女',
    male: '男',
    birthDate: '出生日期',
    issueDate: '發卡日期',
    submit: '送出',
    submitHint: '按下「送出」前，資料只會留在這個網頁。',
    accepted: (reference) => `已受理，案件編號 ${reference}。`,
    fieldInvalid: (field) => `「${field}」不正確，請檢查後再送出。`,
    unreachable: '無法連線到本網站，請檢查網路後再試一次。',
    footer: '這是 twcard 的示範網站，並非政府網站，請勿填寫真實資料。',
  },
  en: {
    title: 'twcard demonstration portal',
    brand: 'twcard demonstration portal',
    otherLanguage: '中文',
    eyebrow: 'Citizen certificate · NHI card',
    welcome: 'Insert your card, sign in safely',
    lead: 'With a card reader and your citizen certificate card, type your ID number to sign in and to fill a form from '
      + 'your NHI card. No browser plug-in is needed.',
    whatHappens: 'Three things happen after you press the button',
    stepAllow: 'The browser may ask whether this site may connect to programs on this computer: choose "Allow".',
    stepAgree: 'A system window shows this site\'s address and what it asks for. Check it, then agree.',
    stepPin: 'Enter the PIN of your citizen certificate in the next system window. The card then signs.',
    neverHere: 'The PIN is entered only in a system window and never passes through this page. Do not type it '
      + 'into any web page that asks for it.',
    loginTitle: 'Sign in with your citizen certificate',
    idNumber: 'National ID number',
    idNumberHint: 'To check whose card it is. It is not sent to the card.',
    idNumberInvalid: 'This is not a valid ID number. Please check it.',
    loginButton: 'Sign in with the card',
    stageConnect: 'Connecting to this computer\'s card service',
    stageLogin: 'Please agree and enter the PIN in the system windows',
    stageVerify: 'The server verifies the card\'s signature',
    stageRead: 'Please agree to the fields in the system window',
    stageNhi: 'Please agree in the system window and leave the NHI card in the reader',
    nhiLoginTitle: 'Sign in with NHI card and password',
    nhiLoginLead: 'The health insurance\'s authentication server checks the card. The card has no PIN, so you need the '
      + 'password that you have set on this site.',
    password: 'Password of this site',
    nhiLoginButton: 'Sign in with the NHI card',
    oldPage: 'Use the page for the old component',
    passwordTooShort: 'The password must have at least 8 characters. Please check it.',
    accountTitle: 'Set up sign-in with your NHI card',
    accountLead: 'Choose a password and insert your NHI card; from then on you can sign in with card and password. If it is '
      + 'already set up, the password is replaced.',
    newPassword: 'New password for this site',
    newPasswordHint: '8 to 64 characters. For the page for the old component at most 12, without spaces.',
    accountButton: 'Set up sign-in',
    accountOpened: 'It is set up. Next time you can sign in with your NHI card and password.',
    permissionHint: 'Still waiting for the browser. If it asks a question, choose "Allow".',
    nowAllowed: 'The browser now allows the connection. Please press the button again.',
    reference: (code) => `Code: ${code}`,
    cancel: 'Cancel',
    signedIn: 'Signed in',
    serialNumber: 'Holder\'s serial number',
    simulated: 'Simulated card',
    logout: 'Sign out',
    nhiTitle: 'Read your NHI card',
    nhiLead: 'Insert your NHI card into the reader. Once you agree, its basic data fills the form below.',
    nhiRead: 'Read the NHI card',
    nhiDone: 'Filled in from the NHI card. Please check it, then submit.',
    cardNumber: 'NHI card number',
    name: 'Name',
    nameUncertain: 'The name contains a rare character. Please check it.',
    sex: 'Sex',
    choose: 'Choose',
    female: 'Female',
    male: 'Male',
    birthDate: 'Date of birth',
    issueDate: 'Date of issue',
    submit: 'Submit',
    submitHint: 'Until you submit, the data stays in this page.',
    accepted: (reference) => `Accepted. Your reference number is ${reference}.`,
    fieldInvalid: (field) => `"${field}" is not valid. Please check it.`,
    unreachable: 'This site cannot be reached. Please check the network and try again.',
    footer: 'This is the demonstration site of twcard, not a government site. Do not enter real data.',
  },
};

const KEPT_AS = 'language';
let language = localStorage.getItem(KEPT_AS) === 'en' ? 'en' : 'zh-TW';

export const currentLanguage = () => language;

export const text = (key) => texts[language][key];

// Puts the texts into every element that names one.
export function showTexts() {
  document.documentElement.lang = language;
  document.title = text('title');
  document.getElementById('language').lang = language === 'en' ? 'zh-TW' : 'en';
  for (const element of document.querySelectorAll('[data-text]')) element.textContent = text(element.dataset.text);
}

export function switchLanguage() {
  language = language === 'en' ? 'zh-TW' : 'en';
  localStorage.setItem(KEPT_AS, language);
  showTexts();
}
