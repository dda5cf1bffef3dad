// Runs before everything else and in the words of old browsers: where something is missing that the page cannot do without,
// says what, in place of a blank page. `main.ts` then starts nothing.
(function () {
  var NEEDS = [
    {
      is: ['JavaScript modules', 'JavaScript 模块'],
      there: function () {
        return 'noModule' in document.createElement('script');
      },
    },
    {
      is: ['the JavaScript of 2022', '2022 版 JavaScript'],
      there: function () {
        return Object.hasOwn && Array.prototype.at && window.structuredClone && Intl.supportedValuesOf;
      },
    },
    {
      is: ['WebAssembly', 'WebAssembly'],
      there: function () {
        return window.WebAssembly;
      },
    },
    {
      is: ['WebAssembly SIMD', 'WebAssembly SIMD'],
      there: function () {
        // The smallest module with a SIMD instruction; compiled, since a policy or a setting may forbid that.
        var bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0];
        var code = [10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
        return !window.WebAssembly || new WebAssembly.Module(new Uint8Array(bytes.concat(code)));
      },
    },
    {
      is: ['web workers', 'Web Worker'],
      there: function () {
        return window.Worker && URL.createObjectURL;
      },
    },
    {
      is: ['dialogs', '对话框元素（dialog）'],
      there: function () {
        return window.HTMLDialogElement;
      },
    },
    {
      is: ['streams', '数据流（Streams）'],
      there: function () {
        return window.ReadableStream && Blob.prototype.stream;
      },
    },
  ];

  function say(english, chinese) {
    var app = document.getElementById('app');
    var box = document.createElement('div');
    var title = document.createElement('h1');
    var first = document.createElement('p');
    var second = document.createElement('p');
    box.setAttribute('role', 'alert');
    box.setAttribute('style', 'max-width: 42rem; margin: 3rem auto; padding: 0 1.5rem; font: 1rem/1.6 sans-serif');
    title.appendChild(document.createTextNode('Driftscope'));
    first.appendChild(document.createTextNode(english));
    second.setAttribute('lang', 'zh-Hans');
    second.appendChild(document.createTextNode(chinese));
    box.appendChild(title);
    box.appendChild(first);
    box.appendChild(second);
    app.appendChild(box);
  }

  var english = [];
  var chinese = [];
  for (var n = 0; n < NEEDS.length; n += 1) {
    var there = false;
    try {
      there = NEEDS[n].there();
    } catch (error) {
      // Then it is of no use either.
    }
    if (!there) {
      english.push(NEEDS[n].is[0]);
      chinese.push(NEEDS[n].is[1]);
    }
  }
  if (english.length > 0) {
    document.documentElement.setAttribute('data-lacking', english.join(', '));
    say(
      'This browser lacks what the page cannot do without: ' +
        english.join(', ') +
        '. Use a current Chrome, Edge, Firefox or Safari (16.4 or later). Lockdown and similar modes can switch it off.',
      '此浏览器缺少本页面必需的功能：' +
        chinese.join('、') +
        '。请使用新版 Chrome、Edge、Firefox 或 Safari（16.4 或更高）。锁定模式等设置也可能将其关闭。'
    );
  }

  // A script that cannot be read or fetched, before anything of the page is there.
  window.addEventListener(
    'error',
    function (event) {
      var app = document.getElementById('app');
      var script = event.target && event.target.tagName === 'SCRIPT';
      if (app.firstChild || (!script && !event.filename)) return;
      say(
        script
          ? 'A part of the page could not be fetched. Check the connection and reload the page.'
          : 'This browser cannot run the page. Use a current Chrome, Edge, Firefox or Safari (16.4 or later).',
        script
          ? '页面的一部分未能加载。请检查网络后重新加载页面。'
          : '此浏览器无法运行本页面。请使用新版 Chrome、Edge、Firefox 或 Safari（16.4 或更高）。'
      );
    },
    true
  );
})();
