// Runs before the first paint. The keys are those of src/theme/theme.ts and src/i18n/index.ts.
(function () {
  var read = function (key) {
    try {
      return localStorage.getItem(key);
    } catch (_) {
      return null; // Storage may be forbidden; the system's choice then stands.
    }
  };
  var theme = read('wattline.theme');
  var dark = theme === 'dark' ||
    (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  var language = read('wattline.language');
  if (language !== 'zh-CN' && language !== 'en') {
    language = /^zh/i.test(navigator.language) ? 'zh-CN' : 'en';
  }
  document.documentElement.lang = language;
})();
