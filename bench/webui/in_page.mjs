// What runs inside the measured page, before its own scripts. It only counts: the page does not know.

/** For addInitScript. Keeps window.bench: live messages, long tasks, and when something was shown. */
export function watchPage() {
  const bench = { messages: 0, bytes: 0, longTasks: [], shownAt: null, keep: null };
  Object.defineProperty(window, "bench", { value: bench });
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...words) {
      super(...words);
      this.addEventListener("message", ({ data }) => {
        bench.messages += 1;
        bench.bytes += data.length;
        bench.keep?.push(data);
      });
    }
  };
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) bench.longTasks.push({ startTime, duration });
  }).observe({ type: "longtask", buffered: true });

  /** Sets shownAt, in ms since navigation, to the frame after `holds` first holds. */
  bench.watch = (holds) => {
    const check = () => {
      if (bench.shownAt !== null || !holds()) return;
      observer.disconnect();
      bench.shownAt = 0;
      // A message after the frame's callbacks arrives when the frame has been drawn.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => (bench.shownAt = performance.now());
        port2.postMessage(0);
      });
    };
    const observer = new MutationObserver(check);
    observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  };
}

/** Every device card shows a number, and the live connection has spoken. */
export function watchCards(count) {
  window.bench.watch(() => {
    const powers = [...document.querySelectorAll("[data-testid^='power-']")];
    return window.bench.messages > 0 && powers.filter((cell) => /\d/.test(cell.textContent)).length >= count;
  });
}

/** The page has a chart with something on it and nothing of it is on its way. */
export function watchCharts() {
  window.bench.watch(() => {
    const canvas = document.querySelector("main canvas");
    if (!canvas || document.querySelector("main [aria-busy=true], main [data-loading]")) return false;
    return !canvas.parentElement.querySelector("[role=status], [role=alert], .absolute");
  });
}
