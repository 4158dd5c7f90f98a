// Draws the same buckets with the chart of the UI and with those of the peers; bench/webui/parts/chart.mjs asks.
import { LineChart } from '@/chart/line_chart';
import { bucketMs, buckets, start } from './buckets.js';
import { peers } from 'peers';

const wattline = {
  async draw(host, data) {
    const canvas = host.appendChild(document.createElement('canvas'));
    const column = (key) => data.map((bucket) => ({ x: bucket.at, y: bucket[key] }));
    const chart = new LineChart(canvas, { locale: 'en', axis: (unit) => unit });
    chart.show({
      range: { start, end: start + data.length * bucketMs },
      series: [
        {
          id: 'power',
          name: 'Power',
          unit: 'kW',
          points: column('mean'),
          band: { low: column('low'), high: column('high') },
        },
      ],
    });
    return () => chart.destroy();
  },
};

const charts = { wattline, ...peers };

/** Drawing commands of a canvas wait until somebody looks: reading a pixel makes them happen. */
function rasterise(host) {
  let painted = 0;
  for (const canvas of host.querySelectorAll('canvas')) {
    const { width, height } = canvas;
    painted += canvas
      .getContext('2d')
      .getImageData(width >> 1, 0, 1, height)
      .data.filter(Boolean).length;
  }
  return painted;
}

/** Milliseconds from data to pixels in a new chart; `painted` proves that something was drawn. */
async function drawn(name, count) {
  const data = buckets(count);
  const host = document.getElementById('stage').appendChild(document.createElement('div'));
  const from = performance.now();
  const destroy = await charts[name].draw(host, data);
  const painted = rasterise(host);
  const ms = performance.now() - from;
  destroy();
  host.remove();
  return { ms, painted };
}

window.charts = { names: Object.keys(charts), drawn };
