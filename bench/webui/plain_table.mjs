// The floor for a live page: every point in a table row, written by plain DOM calls. No framework,
// no chart, no quality, no age; the same WebSocket with the same session.

function fill() {
  document.body.innerHTML = "<table><tbody></tbody></table>";
  const body = document.querySelector("tbody");
  const cells = new Map();
  const cellOf = (key) => {
    if (!cells.has(key)) {
      const row = body.insertRow();
      row.insertCell().textContent = key;
      cells.set(key, row.insertCell());
    }
    return cells.get(key);
  };
  const number = new Intl.NumberFormat("en", { maximumFractionDigits: 3 });
  window.bench.watch(() => cells.size > 0);
  const socket = new WebSocket(`ws://${location.host}/ws/live`);
  socket.onmessage = ({ data }) => {
    for (const [key, { v }] of Object.entries(JSON.parse(data).values ?? {})) {
      cellOf(key).textContent = v === null ? "–" : number.format(v);
    }
  };
}

/** Takes the place of a small file of the server: a page that the bench itself served would be foreign to
 *  the browser and could not open the WebSocket. */
export async function openPlainTable(page, site) {
  await page.goto(`${site.url}/boot.js`);
  await page.evaluate(fill);
}
