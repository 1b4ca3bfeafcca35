// A sign-in as pages for the old component have it: plain JavaScript, one command after the other over one WebSocket, in
// the order GetBasic, GetVersion, GetRandom, H_Sign, EnCrypt. It knows nothing of twcard.
(function () {
  'use strict';

  var ADDRESSES = ['wss://localhost:7777/echo', 'wss://iccert.nhi.gov.tw:7777/echo'];
  var MESSAGES = {
    4061: '無法連線到健保認證主機，請檢查網路後再試。',
    7001: '找不到讀卡機服務。',
    7002: '找不到讀卡機。',
    7004: '請插入健保卡。',
    8005: '健保認證主機檢查失敗。',
    8009: '密碼至少 6 個字元。',
    8013: '請確認讀卡機已接上，並插入健保卡。'
  };

  var form = document.getElementById('old-login');
  var button = document.getElementById('old-login-button');
  var owner = document.getElementById('card-owner');
  var errorBox = document.getElementById('old-error');

  function showError(text, code) {
    errorBox.textContent = text + (code ? '（代碼：' + code + '）' : '');
    errorBox.setAttribute('data-code', code || '');
    errorBox.hidden = false;
    button.disabled = false;
  }

  // Tries one address after the other; opened(socket) for the first that answers.
  function connect(addresses, opened) {
    if (addresses.length === 0) {
      showError('無法連線到健保卡元件，請確認已安裝並啟動。', '');
      return;
    }
    var socket = new WebSocket(addresses[0]);
    var isOpen = false;
    socket.onopen = function () {
      isOpen = true;
      opened(socket);
    };
    socket.onclose = function () {
      if (!isOpen) connect(addresses.slice(1), opened);
    };
  }

  // Sends one command; answered(text) gets what follows "NAME:". An answer of four digits is an error's code.
  function ask(socket, command, name, answered) {
    socket.onmessage = function (event) {
      var reply = event.data;
      if (reply.indexOf(name + ':') === 0) {
        answered(reply.substring(name.length + 1));
        return;
      }
      socket.onclose = null;
      socket.close();
      showError(MESSAGES[reply] || '健保卡讀取失敗。', reply);
    };
    socket.onclose = function () {
      showError('與健保卡元件的連線已中斷。', '');
    };
    socket.send(command);
  }

  function send(login) {
    var request = new XMLHttpRequest();
    request.open('POST', '/api/old-login');
    request.setRequestHeader('Content-Type', 'application/json');
    request.onload = function () {
      if (request.status === 200) {
        window.location.href = '/';
        return;
      }
      var error = JSON.parse(request.responseText).error;
      showError(error.message['zh-TW'], error.code);
    };
    request.onerror = function () {
      showError('無法連線到本網站，請檢查網路後再試一次。', '');
    };
    request.send(JSON.stringify(login));
  }

  function login(socket, password) {
    ask(socket, 'GetBasic', 'GetBasic', function (basic) {
      var card = basic.split(',');
      owner.textContent = card[2] + '，您好';
      ask(socket, 'GetVersion', 'GetVersion', function (version) {
        ask(socket, 'GetRandom', 'GetRandom', function (random) {
          ask(socket, 'H_Sign?Random=' + version + random, 'H_Sign', function (signature) {
            ask(socket, 'EnCrypt?Pwd=' + password, 'EnCrypt', function (encrypted) {
              socket.onclose = null;
              socket.close();
              send({
                proof: { cardNumber: card[0], signed: version + random, signature: signature },
                encrypted: encrypted
              });
            });
          });
        });
      });
    });
  }

  form.onsubmit = function (event) {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    errorBox.hidden = true;
    owner.textContent = '';
    connect(ADDRESSES, function (socket) {
      login(socket, document.getElementById('password').value);
    });
  };
}());
